SELECT 'index' AS kind, space.name || '.' || quote_ident(c.relname) AS identity, r.identity AS part_of,
    concat_ws(E'\n',
        pg_get_indexdef(c.oid),
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
    NULL::oid AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default
FROM pg_index i
JOIN relation r ON r.oid = i.indrelid
JOIN pg_class c ON c.oid = i.indexrelid
JOIN space ON space.oid = c.relnamespace
