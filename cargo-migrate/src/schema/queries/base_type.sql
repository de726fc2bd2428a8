-- Base types and shell types; the array type that comes with every type is no object of its own.
SELECT 'type' AS kind, space.name || '.' || quote_ident(t.typname) AS identity, NULL::text AS part_of,
    CASE WHEN NOT t.typisdefined THEN 'shell' ELSE concat_ws(E'\n',
        'input ' || t.typinput::regproc::text,
        'output ' || t.typoutput::regproc::text,
        'receive ' || nullif(t.typreceive, 0)::regproc::text,
        'send ' || nullif(t.typsend, 0)::regproc::text,
        'modifier input ' || nullif(t.typmodin, 0)::regproc::text,
        'modifier output ' || nullif(t.typmodout, 0)::regproc::text,
        'analyze ' || nullif(t.typanalyze, 0)::regproc::text,
        'subscript ' || nullif(t.typsubscript, 0)::regproc::text, --@ since 14
        format('length %s alignment %s storage %s category %s delimiter %s%s%s%s', t.typlen, t.typalign, t.typstorage,
            quote_literal(t.typcategory::text), quote_literal(t.typdelim::text), CASE WHEN t.typbyval THEN ' by value' END,
            CASE WHEN t.typispreferred THEN ' preferred' END, CASE WHEN t.typcollation <> 0 THEN ' collatable' END),
        'element ' || format_type(nullif(t.typelem, 0), NULL),
        'default ' || quote_literal(t.typdefault)) END AS body,
    'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
    t.typowner AS owner, t.typacl AS acl, acldefault('T', t.typowner) AS acl_default, NULL::json AS detail
FROM pg_type t JOIN space ON space.oid = t.typnamespace
WHERE (t.typtype = 'b' OR t.typtype = 'p' AND NOT t.typisdefined)
    AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
    AND t.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_type'::regclass)
