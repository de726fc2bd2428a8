SELECT 'conversion' AS kind, space.name || '.' || quote_ident(c.conname) AS identity, NULL::text AS part_of,
    format('%sfrom %s to %s by %s', CASE WHEN c.condefault THEN 'default ' END, pg_encoding_to_char(c.conforencoding),
        pg_encoding_to_char(c.contoencoding), c.conproc::regproc) AS body,
    'pg_conversion'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
    c.conowner AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_conversion c JOIN space ON space.oid = c.connamespace
WHERE c.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_conversion'::regclass)
