SELECT 'schema' AS kind, space.name AS identity, NULL::text AS part_of, NULL::text AS body,
    'pg_namespace'::regclass::oid AS classid, n.oid AS objid, 0 AS objsubid,
    n.nspowner AS owner, n.nspacl AS acl, acldefault('n', n.nspowner) AS acl_default, NULL::json AS detail
FROM space JOIN pg_namespace n ON n.oid = space.oid
WHERE n.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_namespace'::regclass)
