-- The database itself, under one identity for all, so that two with different names compare.
SELECT 'database' AS kind, 'current' AS identity, NULL::text AS part_of,
    (SELECT string_agg(
            CASE r.setrole WHEN 0 THEN 'set ' ELSE 'for ' || quote_ident(pg_get_userbyid(r.setrole)) || ' set ' END || setting,
            E'\n' ORDER BY CASE r.setrole WHEN 0 THEN '' ELSE pg_get_userbyid(r.setrole) END, setting COLLATE "C")
        FROM pg_db_role_setting r, unnest(r.setconfig) AS setting WHERE r.setdatabase = d.oid) AS body,
    'pg_database'::regclass::oid AS classid, d.oid AS objid, 0 AS objsubid,
    d.datdba AS owner, d.datacl AS acl, acldefault('d', d.datdba) AS acl_default, NULL::json AS detail
FROM pg_database d
WHERE d.datname = current_database()
