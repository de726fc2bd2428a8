SELECT 'language' AS kind, quote_ident(l.lanname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n', CASE WHEN l.lanpltrusted THEN 'trusted' END,
        'handler ' || nullif(l.lanplcallfoid, 0)::regprocedure::text,
        'inline ' || nullif(l.laninline, 0)::regprocedure::text,
        'validator ' || nullif(l.lanvalidator, 0)::regprocedure::text) AS body,
    'pg_language'::regclass::oid AS classid, l.oid AS objid, 0 AS objsubid,
    l.lanowner AS owner, l.lanacl AS acl, acldefault('l', l.lanowner) AS acl_default, NULL::json AS detail
FROM pg_language l
WHERE l.oid >= 16384 AND l.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_language'::regclass)
