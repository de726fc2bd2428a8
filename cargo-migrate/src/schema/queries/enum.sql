SELECT 'enum' AS kind, space.name || '.' || quote_ident(t.typname) AS identity, NULL::text AS part_of,
    (SELECT string_agg(quote_literal(e.enumlabel), E'\n' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS body,
    'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
    t.typowner AS owner, t.typacl AS acl, acldefault('T', t.typowner) AS acl_default,
    json_strip_nulls((SELECT json_build_object('labels', json_agg(e.enumlabel ORDER BY e.enumsortorder)) FROM pg_enum e WHERE e.enumtypid = t.oid)) AS detail
FROM pg_type t JOIN space ON space.oid = t.typnamespace
WHERE t.typtype = 'e' AND t.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_type'::regclass)
