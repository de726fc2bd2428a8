SELECT 'text search parser' AS kind, space.name || '.' || quote_ident(p.prsname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n', 'start ' || p.prsstart::text, 'token ' || p.prstoken::text, 'end ' || p.prsend::text,
        'headline ' || nullif(p.prsheadline, 0)::regproc::text, 'types ' || p.prslextype::text) AS body,
    'pg_ts_parser'::regclass::oid AS classid, p.oid AS objid, 0 AS objsubid,
    NULL::oid AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_ts_parser p JOIN space ON space.oid = p.prsnamespace
WHERE p.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_ts_parser'::regclass)
