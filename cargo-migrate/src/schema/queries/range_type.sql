SELECT 'range type' AS kind, space.name || '.' || quote_ident(t.typname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n',
        'subtype ' || format_type(g.rngsubtype, NULL),
        'multirange ' || g.rngmultitypid::regtype::text, --@ since 14
        'operator class ' || (SELECT o.opcnamespace::regnamespace::text || '.' || quote_ident(o.opcname) FROM pg_opclass o WHERE o.oid = g.rngsubopc),
        'collation ' || nullif(g.rngcollation, 0)::regcollation::text,
        'canonical ' || nullif(g.rngcanonical, 0)::regproc::text,
        'difference ' || nullif(g.rngsubdiff, 0)::regproc::text
    ) AS body,
    'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
    t.typowner AS owner, t.typacl AS acl, acldefault('T', t.typowner) AS acl_default,
    json_strip_nulls(json_build_object('subtype', format_type(g.rngsubtype, NULL),
        'multirange', g.rngmultitypid::regtype::text, --@ since 14
        'operator_class', (SELECT o.opcnamespace::regnamespace::text || '.' || quote_ident(o.opcname) FROM pg_opclass o WHERE o.oid = g.rngsubopc),
        'collation', nullif(g.rngcollation, 0)::regcollation::text, 'canonical', nullif(g.rngcanonical, 0)::regproc::text,
        'difference', nullif(g.rngsubdiff, 0)::regproc::text)) AS detail
FROM pg_type t JOIN space ON space.oid = t.typnamespace
JOIN pg_range g ON g.rngtypid = t.oid
WHERE t.typtype = 'r' AND t.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_type'::regclass)
