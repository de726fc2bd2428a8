SELECT 'extension' AS kind, quote_ident(e.extname) AS identity, NULL::text AS part_of,
    format('version %s schema %s', quote_literal(e.extversion), e.extnamespace::regnamespace) AS body,
    'pg_extension'::regclass::oid AS classid, e.oid AS objid, 0 AS objsubid,
    e.extowner AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default,
    json_strip_nulls(json_build_object('version', e.extversion, 'schema', e.extnamespace::regnamespace::text)) AS detail
FROM pg_extension e
