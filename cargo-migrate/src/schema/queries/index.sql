SELECT 'index' AS kind, space.name || '.' || quote_ident(c.relname) AS identity, r.identity AS part_of,
    concat_ws(E'\n',
        shown.definition,
        CASE WHEN NOT i.indisvalid THEN 'invalid' END,
        CASE WHEN NOT i.indisready THEN 'not ready for writes' END,
        CASE WHEN NOT i.indislive THEN 'being dropped' END,
        CASE WHEN i.indisclustered THEN 'table clustered on it' END,
        CASE WHEN i.indisreplident THEN 'replica identity' END,
        'tablespace ' || (SELECT quote_ident(spcname) FROM pg_tablespace WHERE pg_tablespace.oid = c.reltablespace),
        CASE WHEN c.relispartition THEN 'partition of ' || (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = c.oid) END,
        -- Only expressions can have a target.
        CASE WHEN i.indexprs IS NOT NULL THEN (SELECT string_agg(format('statistics of column %s: %s', a.attnum, a.attstattarget), E'\n' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attstattarget >= 0) END
    ) AS body,
    'pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
    NULL::oid AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default,
    json_strip_nulls(json_build_object('definition', shown.definition, 'unique', i.indisunique, 'valid', i.indisvalid AND i.indisready AND i.indislive,
        'clustered', i.indisclustered,
        'replica_identity', i.indisreplident, 'partitioned', c.relkind = 'I',
        'tablespace', (SELECT quote_ident(spcname) FROM pg_tablespace WHERE pg_tablespace.oid = c.reltablespace),
        'partition_of', CASE WHEN c.relispartition THEN (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = c.oid) END,
        'constraint', quote_ident(k.conname),
        'columns', (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid),
        'statistics', CASE WHEN i.indexprs IS NOT NULL THEN (SELECT json_agg(json_build_array(a.attnum, a.attstattarget) ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attstattarget >= 0) END)) AS detail
FROM pg_index i
JOIN relation r ON r.oid = i.indrelid
JOIN pg_class c ON c.oid = i.indexrelid
JOIN space ON space.oid = c.relnamespace
-- No index of the catalogue leads from an index to its constraint.
LEFT JOIN pg_constraint k ON k.conindid = c.oid AND k.contype IN ('p', 'u', 'x')
CROSS JOIN LATERAL (SELECT pg_get_indexdef(c.oid) AS definition OFFSET 0) AS shown
