-- Those of one schema add to the ones without a schema, whose base is what the server grants by itself.
SELECT 'default privileges' AS kind,
    format('of %I%s on %s', pg_get_userbyid(d.defaclrole), ' in schema ' || space.name,
        CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types'
            WHEN 'n' THEN 'schemas' WHEN 'L' THEN 'large objects' ELSE d.defaclobjtype::text END) AS identity, NULL::text AS part_of, NULL::text AS body,
    'pg_default_acl'::regclass::oid AS classid, d.oid AS objid, 0 AS objsubid,
    d.defaclrole AS owner, d.defaclacl AS acl,
    CASE d.defaclnamespace WHEN 0 THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole) END AS acl_default,
    json_strip_nulls(json_build_object('role', quote_ident(pg_get_userbyid(d.defaclrole)), 'schema', space.name, 'objects', d.defaclobjtype)) AS detail
FROM pg_default_acl d LEFT JOIN space ON space.oid = d.defaclnamespace
WHERE d.defaclnamespace = 0 OR space.oid IS NOT NULL
