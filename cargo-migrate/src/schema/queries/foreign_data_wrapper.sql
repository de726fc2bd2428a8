SELECT 'foreign data wrapper' AS kind, quote_ident(f.fdwname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n', 'handler ' || nullif(f.fdwhandler, 0)::regprocedure::text, 'validator ' || nullif(f.fdwvalidator, 0)::regprocedure::text,
        'options ' || ({options:f.fdwoptions})) AS body,
    'pg_foreign_data_wrapper'::regclass::oid AS classid, f.oid AS objid, 0 AS objsubid,
    f.fdwowner AS owner, f.fdwacl AS acl, acldefault('F', f.fdwowner) AS acl_default, NULL::json AS detail
FROM pg_foreign_data_wrapper f
WHERE f.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_foreign_data_wrapper'::regclass)
