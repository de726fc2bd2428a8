SELECT 'text search configuration' AS kind, space.name || '.' || quote_ident(c.cfgname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n',
        'parser ' || (SELECT format('%s.%I', p.prsnamespace::regnamespace, p.prsname) FROM pg_ts_parser p WHERE p.oid = c.cfgparser),
        (SELECT string_agg(line, E'\n' ORDER BY line COLLATE "C") FROM (
            SELECT format('%I with %s', token.alias, string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno)) AS line
            FROM pg_ts_config_map m JOIN ts_token_type(c.cfgparser) AS token ON token.tokid = m.maptokentype
            WHERE m.mapcfg = c.oid GROUP BY token.alias) AS mappings)) AS body,
    'pg_ts_config'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
    c.cfgowner AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_ts_config c JOIN space ON space.oid = c.cfgnamespace
WHERE c.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_ts_config'::regclass)
