-- Objects without a schema are the system's own below oid 16384.
SELECT 'cast' AS kind, format('(%s as %s)', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)) AS identity, NULL::text AS part_of,
    concat_ws(E'\n',
        CASE c.castmethod WHEN 'f' THEN 'with function ' || c.castfunc::regprocedure WHEN 'i' THEN 'with inout' ELSE 'without function' END,
        CASE c.castcontext WHEN 'a' THEN 'as assignment' WHEN 'i' THEN 'as implicit' END) AS body,
    'pg_cast'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
    NULL::oid AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_cast c
WHERE c.oid >= 16384 AND c.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_cast'::regclass)
