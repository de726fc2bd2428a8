SELECT 'server' AS kind, quote_ident(s.srvname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n', 'foreign data wrapper ' || quote_ident(f.fdwname), 'type ' || quote_literal(s.srvtype),
        'version ' || quote_literal(s.srvversion), 'options ' || ({options:s.srvoptions})) AS body,
    'pg_foreign_server'::regclass::oid AS classid, s.oid AS objid, 0 AS objsubid,
    s.srvowner AS owner, s.srvacl AS acl, acldefault('S', s.srvowner) AS acl_default, NULL::json AS detail
FROM pg_foreign_server s JOIN pg_foreign_data_wrapper f ON f.oid = s.srvfdw
WHERE s.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_foreign_server'::regclass)
