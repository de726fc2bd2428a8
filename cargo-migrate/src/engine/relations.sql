-- The relations that statements speak of, with what statistics say of them and of all below them.
WITH RECURSIVE asked AS (
    SELECT a.number, a.how,
        CASE WHEN a.how = 'users of' THEN
            CASE WHEN a.schema IS NULL THEN pg_catalog.to_regtype(pg_catalog.quote_ident(a.name))::pg_catalog.oid
            ELSE (SELECT t.oid FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                  WHERE n.nspname = a.schema AND t.typname = a.name) END
        WHEN a.schema IS NULL THEN pg_catalog.to_regclass(pg_catalog.quote_ident(a.name))::pg_catalog.oid
        ELSE (SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = a.schema AND c.relname = a.name) END AS oid
    FROM ROWS FROM (
        pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[]), pg_catalog.unnest($3::pg_catalog.text[])
    ) WITH ORDINALITY AS a (how, schema, name, number)
), top AS (
    SELECT number, oid FROM asked WHERE how = 'relation'
    UNION SELECT a.number, i.indrelid FROM asked a JOIN pg_catalog.pg_index i ON i.indexrelid = a.oid WHERE a.how = 'table of'
    UNION SELECT a.number, k.confrelid FROM asked a JOIN pg_catalog.pg_constraint k ON k.conrelid = a.oid AND k.contype = 'f'
        WHERE a.how = 'referenced by'
    UNION SELECT a.number, p.partdefid FROM asked a JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = a.oid
        WHERE a.how = 'default partition of' AND p.partdefid <> 0
    UNION SELECT a.number, c.oid FROM asked a JOIN pg_catalog.pg_type t ON a.oid IN (t.oid, t.typbasetype, t.typelem)
        JOIN pg_catalog.pg_attribute f ON f.atttypid = t.oid AND NOT f.attisdropped
        JOIN pg_catalog.pg_class c ON c.oid = f.attrelid AND c.relkind IN ('r', 'p', 'm', 'f')
        WHERE a.how = 'users of'
), tree AS (
    SELECT number, oid AS top, oid FROM top WHERE oid IS NOT NULL
    UNION SELECT t.number, t.top, i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid
), sized AS (
    SELECT t.number, t.top, t.oid, c.relpages,
        coalesce(nullif(pg_catalog.pg_stat_get_live_tuples(c.oid), 0), greatest(c.reltuples, 0)::pg_catalog.int8) AS rows,
        c.relpages
            + coalesce((SELECT pg_catalog.sum(x.relpages) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
                        WHERE i.indrelid = c.oid), 0)
            + coalesce((SELECT o.relpages FROM pg_catalog.pg_class o WHERE o.oid = c.reltoastrelid), 0) AS pages
    FROM tree t JOIN pg_catalog.pg_class c ON c.oid = t.oid
)
SELECT s.number, n.nspname::pg_catalog.text, c.relname::pg_catalog.text,
    pg_catalog.sum(s.rows)::pg_catalog.int8,
    -- Rows without a page: neither vacuum nor analyze was ever there.
    CASE WHEN NOT pg_catalog.bool_or(s.rows > 0 AND s.relpages = 0) THEN
        (pg_catalog.sum(s.pages) * pg_catalog.current_setting('block_size')::pg_catalog.int8)::pg_catalog.int8 END,
    pg_catalog.count(*) - 1
FROM sized s JOIN pg_catalog.pg_class c ON c.oid = s.top JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
GROUP BY s.number, s.top, n.nspname, c.relname
ORDER BY s.number, n.nspname, c.relname
