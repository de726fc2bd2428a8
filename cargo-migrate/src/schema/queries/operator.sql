SELECT 'operator' AS kind,
    format('%s.%s(%s, %s)', space.name, o.oprname, coalesce(format_type(nullif(o.oprleft, 0), NULL), 'none'),
        coalesce(format_type(nullif(o.oprright, 0), NULL), 'none')) AS identity, NULL::text AS part_of,
    concat_ws(E'\n',
        'function ' || nullif(o.oprcode, 0)::regprocedure::text,
        'commutator ' || nullif(o.oprcom, 0)::regoperator::text,
        'negator ' || nullif(o.oprnegate, 0)::regoperator::text,
        'restrict ' || nullif(o.oprrest, 0)::regprocedure::text,
        'join ' || nullif(o.oprjoin, 0)::regprocedure::text,
        CASE WHEN o.oprcanmerge THEN 'merges' END,
        CASE WHEN o.oprcanhash THEN 'hashes' END) AS body,
    'pg_operator'::regclass::oid AS classid, o.oid AS objid, 0 AS objsubid,
    o.oprowner AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_operator o JOIN space ON space.oid = o.oprnamespace
WHERE o.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_operator'::regclass)
