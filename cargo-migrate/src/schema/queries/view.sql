SELECT CASE r.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind, r.identity, NULL::text AS part_of,
    concat_ws(E'\n',
        (SELECT 'using ' || quote_ident(amname) FROM pg_am WHERE pg_am.oid = r.relam AND amname <> 'heap'),
        'with ' || r.options,
        'tablespace ' || (SELECT quote_ident(spcname) FROM pg_tablespace WHERE pg_tablespace.oid = r.reltablespace),
        CASE WHEN NOT r.relispopulated THEN 'not populated' END,
        CASE WHEN r.relkind = 'm' THEN CASE r.relreplident WHEN 'n' THEN 'replica identity nothing' WHEN 'f' THEN 'replica identity full'
            WHEN 'i' THEN 'replica identity using index' END END,
        shown.definition
    ) AS body,
    'pg_class'::regclass::oid AS classid, r.oid AS objid, 0 AS objsubid,
    r.relowner AS owner, r.relacl AS acl, acldefault('r', r.relowner) AS acl_default,
    json_strip_nulls(json_build_object('using', (SELECT quote_ident(amname) FROM pg_am WHERE pg_am.oid = r.relam AND amname <> 'heap'), 'options', r.options,
        'tablespace', (SELECT quote_ident(spcname) FROM pg_tablespace WHERE pg_tablespace.oid = r.reltablespace),
        'populated', r.relispopulated, 'query', shown.definition, 'replica_identity', r.relreplident)) AS detail
FROM relation r
CROSS JOIN LATERAL (SELECT pg_get_viewdef(r.oid) AS definition OFFSET 0) AS shown
WHERE r.relkind IN ('v', 'm')
