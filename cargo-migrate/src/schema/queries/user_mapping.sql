-- By the view, which anyone may read. Of an option only its name shows, unless it is the remote user's: these are secrets.
SELECT 'user mapping' AS kind,
    format('for %s server %I', CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END, u.srvname) AS identity, NULL::text AS part_of,
    'options ' || (SELECT string_agg(format('%I %s', option_name,
            CASE WHEN option_name IN ('user', 'username') THEN quote_literal(option_value) ELSE '***' END), ', ' ORDER BY option_name COLLATE "C")
        FROM pg_options_to_table(u.umoptions)) AS body,
    'pg_user_mapping'::regclass::oid AS classid, u.umid AS objid, 0 AS objsubid,
    NULL::oid AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_user_mappings u
WHERE u.umid NOT IN (SELECT objid FROM member WHERE classid = 'pg_user_mapping'::regclass)
