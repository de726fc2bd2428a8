SELECT 'access method' AS kind, quote_ident(m.amname) AS identity, NULL::text AS part_of,
    format('%s handler %s', CASE m.amtype WHEN 't' THEN 'table' ELSE 'index' END, m.amhandler) AS body,
    'pg_am'::regclass::oid AS classid, m.oid AS objid, 0 AS objsubid,
    NULL::oid AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_am m
WHERE m.oid >= 16384 AND m.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_am'::regclass)
