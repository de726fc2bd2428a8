SELECT 'policy' AS kind, quote_ident(p.polname) || ' on ' || r.identity AS identity, r.identity AS part_of,
    concat_ws(E'\n',
        CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END || ' for '
            || CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END
            || ' to ' || (SELECT string_agg(name, ', ' ORDER BY name COLLATE "C") FROM (
                SELECT CASE role WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(role)) END AS name FROM unnest(p.polroles) role) AS roles),
        'using (' || pg_get_expr(p.polqual, p.polrelid) || ')',
        'with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')') AS body,
    'pg_policy'::regclass::oid AS classid, p.oid AS objid, 0 AS objsubid,
    NULL::oid AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default,
    json_strip_nulls(json_build_object('permissive', p.polpermissive, 'command', p.polcmd,
        'roles', (SELECT string_agg(name, ', ' ORDER BY name COLLATE "C") FROM (
            SELECT CASE role WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(role)) END AS name FROM unnest(p.polroles) role) AS roles),
        'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))) AS detail
FROM pg_policy p JOIN relation r ON r.oid = p.polrelid
