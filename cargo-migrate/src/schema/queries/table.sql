SELECT CASE r.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END AS kind, r.identity, NULL::text AS part_of,
    concat_ws(E'\n',
        CASE r.relpersistence WHEN 'u' THEN 'unlogged' END,
        'of type ' || format_type(nullif(r.reloftype, 0), NULL),
        'partition by ' || CASE r.relkind WHEN 'p' THEN pg_get_partkeydef(r.oid) END,
        (SELECT CASE WHEN r.relispartition THEN
                'partition of ' || string_agg(i.inhparent::regclass::text, ', ') || ' ' || pg_get_expr(c.relpartbound, c.oid)
                || CASE WHEN bool_or(i.inhdetachpending) THEN ' (detach pending)' ELSE '' END --@ since 14
            ELSE 'inherits ' || string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno) END
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhrelid = r.oid GROUP BY c.oid, c.relpartbound),
        (SELECT concat_ws(E'\n', 'server ' || quote_ident(s.srvname), 'options ' || ({options:f.ftoptions}))
            FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = r.oid),
        (SELECT 'using ' || quote_ident(amname) FROM pg_am WHERE pg_am.oid = r.relam AND amname <> 'heap'),
        'with ' || r.options,
        'toast with ' || toast.options,
        'tablespace ' || (SELECT quote_ident(spcname) FROM pg_tablespace WHERE pg_tablespace.oid = r.reltablespace),
        CASE WHEN r.relrowsecurity THEN 'row level security enabled' END,
        CASE WHEN r.relforcerowsecurity THEN 'row level security forced' END,
        CASE WHEN r.relkind <> 'f' THEN CASE r.relreplident WHEN 'n' THEN 'replica identity nothing' WHEN 'f' THEN 'replica identity full'
            WHEN 'i' THEN 'replica identity using index' END END
    ) AS body,
    'pg_class'::regclass::oid AS classid, r.oid AS objid, 0 AS objsubid,
    r.relowner AS owner, r.relacl AS acl, acldefault('r', r.relowner) AS acl_default,
    json_strip_nulls(json_build_object('kind', r.relkind, 'persistence', r.relpersistence, 'of_type', format_type(nullif(r.reloftype, 0), NULL),
        'partition_key', CASE r.relkind WHEN 'p' THEN pg_get_partkeydef(r.oid) END,
        'partition', r.relispartition,
        'bound', CASE WHEN r.relispartition THEN (SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_class c WHERE c.oid = r.oid) END,
        'parents', (SELECT json_agg(i.inhparent::regclass::text ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = r.oid),
        'using', (SELECT quote_ident(amname) FROM pg_am WHERE pg_am.oid = r.relam AND amname <> 'heap'),
        'options', r.options, 'toast_options', toast.options,
        'tablespace', (SELECT quote_ident(spcname) FROM pg_tablespace WHERE pg_tablespace.oid = r.reltablespace),
        'row_security', r.relrowsecurity, 'force_row_security', r.relforcerowsecurity, 'replica_identity', r.relreplident)) AS detail
FROM relation r
LEFT JOIN (
    SELECT t.oid, (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(t.reloptions) o) AS options
    FROM pg_class t WHERE t.relkind = 't' AND t.reloptions IS NOT NULL
) AS toast ON toast.oid = r.reltoastrelid
WHERE r.relkind IN ('r', 'p', 'f')
