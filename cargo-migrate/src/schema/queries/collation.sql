-- Its version is the server's matter, not the schema's.
SELECT 'collation' AS kind, space.name || '.' || quote_ident(c.collname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n',
        'provider ' || CASE c.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE c.collprovider::text END,
        CASE WHEN c.collencoding >= 0 THEN 'encoding ' || pg_encoding_to_char(c.collencoding) END,
        'collate ' || quote_literal(c.collcollate),
        'ctype ' || quote_literal(c.collctype),
        'locale ' || quote_literal(c.colliculocale), --@ since 15 until 16
        'locale ' || quote_literal(c.colllocale), --@ since 17
        'rules ' || quote_literal(c.collicurules), --@ since 16
        CASE WHEN NOT c.collisdeterministic THEN 'not deterministic' END) AS body,
    'pg_collation'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
    c.collowner AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default,
    json_strip_nulls(json_build_object('provider', c.collprovider, 'collate', c.collcollate, 'ctype', c.collctype,
        'locale', c.colliculocale, --@ since 15 until 16
        'locale', c.colllocale, --@ since 17
        'rules', c.collicurules, --@ since 16
        'deterministic', c.collisdeterministic)) AS detail
FROM pg_collation c JOIN space ON space.oid = c.collnamespace
WHERE c.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_collation'::regclass)
