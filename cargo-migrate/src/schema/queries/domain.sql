-- Its constraints are objects of their own.
SELECT 'domain' AS kind, space.name || '.' || quote_ident(t.typname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n',
        concat_ws(' ', format_type(t.typbasetype, t.typtypmod),
            CASE WHEN t.typcollation <> b.typcollation THEN 'collate ' || t.typcollation::regcollation::text END,
            CASE WHEN t.typnotnull THEN 'not null' END),
        'default ' || pg_get_expr(t.typdefaultbin, 0)) AS body,
    'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid,
    t.typowner AS owner, t.typacl AS acl, acldefault('T', t.typowner) AS acl_default,
    json_strip_nulls(json_build_object('type', format_type(t.typbasetype, t.typtypmod), 'not_null', t.typnotnull, 'default', pg_get_expr(t.typdefaultbin, 0),
        'collation', CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END)) AS detail
FROM pg_type t JOIN space ON space.oid = t.typnamespace
JOIN pg_type b ON b.oid = t.typbasetype
WHERE t.typtype = 'd' AND t.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_type'::regclass)
