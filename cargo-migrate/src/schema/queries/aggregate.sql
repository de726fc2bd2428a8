SELECT 'aggregate' AS kind,
    space.name || '.' || quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')' AS identity, NULL::text AS part_of,
    concat_ws(E'\n',
        '(' || pg_get_function_arguments(p.oid) || ') returns ' || pg_get_function_result(p.oid),
        CASE g.aggkind WHEN 'o' THEN 'ordered set' WHEN 'h' THEN 'hypothetical set' END,
        format('state %s by %s%s', format_type(g.aggtranstype, NULL), g.aggtransfn::regprocedure, ' space ' || nullif(g.aggtransspace, 0)),
        'initial ' || quote_literal(g.agginitval),
        CASE WHEN g.aggfinalfn <> 0 THEN
            format('final %s%s modify %s', g.aggfinalfn::regprocedure, CASE WHEN g.aggfinalextra THEN ' extra' END, g.aggfinalmodify) END,
        'combine ' || nullif(g.aggcombinefn, 0)::regprocedure::text,
        'serialize ' || nullif(g.aggserialfn, 0)::regprocedure::text,
        'deserialize ' || nullif(g.aggdeserialfn, 0)::regprocedure::text,
        CASE WHEN g.aggmtransfn <> 0 THEN
            format('moving state %s by %s inverse %s%s', format_type(g.aggmtranstype, NULL), g.aggmtransfn::regprocedure,
                g.aggminvtransfn::regprocedure, ' space ' || nullif(g.aggmtransspace, 0)) END,
        'moving initial ' || quote_literal(g.aggminitval),
        CASE WHEN g.aggmfinalfn <> 0 THEN
            format('moving final %s%s modify %s', g.aggmfinalfn::regprocedure, CASE WHEN g.aggmfinalextra THEN ' extra' END,
                g.aggmfinalmodify) END,
        'sort operator ' || nullif(g.aggsortop, 0)::regoperator::text,
        'parallel ' || CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END) AS body,
    'pg_proc'::regclass::oid AS classid, p.oid AS objid, 0 AS objsubid,
    p.proowner AS owner, p.proacl AS acl, acldefault('f', p.proowner) AS acl_default,
    json_strip_nulls(json_build_object('arguments', pg_get_function_arguments(p.oid), 'kind', g.aggkind,
        'state_type', format_type(g.aggtranstype, NULL), 'state', g.aggtransfn::regproc::text, 'space', nullif(g.aggtransspace, 0), 'initial', g.agginitval,
        'final', nullif(g.aggfinalfn, 0)::regproc::text, 'final_extra', g.aggfinalextra, 'final_modify', g.aggfinalmodify,
        'combine', nullif(g.aggcombinefn, 0)::regproc::text, 'serialize', nullif(g.aggserialfn, 0)::regproc::text,
        'deserialize', nullif(g.aggdeserialfn, 0)::regproc::text, 'moving', g.aggmtransfn <> 0,
        'sort_operator', (SELECT format('OPERATOR(%s.%s)', o.oprnamespace::regnamespace, o.oprname) FROM pg_operator o WHERE o.oid = g.aggsortop),
        'parallel', p.proparallel)) AS detail
FROM pg_proc p JOIN space ON space.oid = p.pronamespace
JOIN pg_aggregate g ON g.aggfnoid = p.oid
WHERE p.prokind = 'a'
    AND p.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_proc'::regclass)
