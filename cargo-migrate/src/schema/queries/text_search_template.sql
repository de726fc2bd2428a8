SELECT 'text search template' AS kind, space.name || '.' || quote_ident(t.tmplname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n', 'init ' || nullif(t.tmplinit, 0)::regproc::text, 'lexize ' || t.tmpllexize::text) AS body,
    'pg_ts_template'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
    NULL::oid AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_ts_template t JOIN space ON space.oid = t.tmplnamespace
WHERE t.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_ts_template'::regclass)
