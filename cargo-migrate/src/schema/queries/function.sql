-- Functions, window functions and procedures.
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,
    space.name || '.' || quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')' AS identity, NULL::text AS part_of,
    rtrim(pg_get_functiondef(p.oid), E'\n') AS body,
    'pg_proc'::regclass::oid AS classid, p.oid AS objid, 0 AS objsubid,
    p.proowner AS owner, p.proacl AS acl, acldefault('f', p.proowner) AS acl_default,
    json_strip_nulls(json_build_object('arguments', pg_get_function_arguments(p.oid), 'result', pg_get_function_result(p.oid),
        'window', p.prokind = 'w',
        'parsed', p.prosqlbody IS NOT NULL, --@ since 14
        'language', l.lanname)) AS detail
FROM pg_proc p JOIN space ON space.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE p.prokind IN ('f', 'w', 'p')
    AND p.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_proc'::regclass)
