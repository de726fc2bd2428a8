SELECT 'composite type' AS kind, r.identity, NULL::text AS part_of,
    (SELECT string_agg(
            concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                CASE WHEN a.attcollation <> b.typcollation THEN 'collate ' || a.attcollation::regcollation::text END)
            || coalesce(E'\n    comment ' || quote_literal(d.description), ''), E'\n' ORDER BY a.attnum)
        FROM pg_attribute a
        JOIN pg_type b ON b.oid = a.atttypid
        LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
        WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped) AS body,
    'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
    t.typowner AS owner, t.typacl AS acl, acldefault('T', t.typowner) AS acl_default,
    json_strip_nulls((SELECT json_build_object('attributes', json_agg(json_build_object('name', quote_ident(a.attname),
                'type', format_type(a.atttypid, a.atttypmod), 'comment', d.description,
                'collation', CASE WHEN a.attcollation <> b.typcollation THEN a.attcollation::regcollation::text END) ORDER BY a.attnum))
        FROM pg_attribute a
        JOIN pg_type b ON b.oid = a.atttypid
        LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
        WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped)) AS detail
FROM relation r JOIN pg_type t ON t.oid = r.reltype
WHERE r.relkind = 'c'
