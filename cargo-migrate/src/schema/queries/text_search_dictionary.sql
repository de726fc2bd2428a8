SELECT 'text search dictionary' AS kind, space.name || '.' || quote_ident(d.dictname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n',
        'template ' || (SELECT format('%s.%I', t.tmplnamespace::regnamespace, t.tmplname) FROM pg_ts_template t WHERE t.oid = d.dicttemplate),
        'options ' || d.dictinitoption) AS body,
    'pg_ts_dict'::regclass::oid AS classid, d.oid AS objid, 0 AS objsubid,
    d.dictowner AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_ts_dict d JOIN space ON space.oid = d.dictnamespace
WHERE d.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_ts_dict'::regclass)
