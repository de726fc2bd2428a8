SELECT 'transform' AS kind, format('for %s language %I', format_type(t.trftype, NULL), l.lanname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n', 'from sql ' || nullif(t.trffromsql, 0)::regprocedure::text, 'to sql ' || nullif(t.trftosql, 0)::regprocedure::text) AS body,
    'pg_transform'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
    NULL::oid AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang
WHERE t.oid >= 16384 AND t.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_transform'::regclass)
