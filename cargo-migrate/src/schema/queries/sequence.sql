-- Where a sequence stands is data: neither last_value nor is_called is read.
SELECT 'sequence' AS kind, r.identity, NULL::text AS part_of,
    concat_ws(E'\n',
        CASE r.relpersistence WHEN 'u' THEN 'unlogged' END,
        format('%s start %s increment by %s minvalue %s maxvalue %s cache %s%s', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement,
            s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN ' cycle' END),
        CASE owner.deptype WHEN 'i' THEN 'identity of ' ELSE 'owned by ' END || owner.refobjid::regclass::text || '.' || quote_ident(owner.attname)
    ) AS body,
    'pg_class'::regclass::oid AS classid, r.oid AS objid, 0 AS objsubid,
    r.relowner AS owner, r.relacl AS acl, acldefault('s', r.relowner) AS acl_default,
    json_strip_nulls(json_build_object('unlogged', r.relpersistence = 'u', 'type', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement,
        'minimum', s.seqmin, 'maximum', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle, 'identity', owner.deptype = 'i',
        'table', owner.refobjid::regclass::text, 'column', quote_ident(owner.attname))) AS detail
FROM relation r JOIN pg_sequence s ON s.seqrelid = r.oid
LEFT JOIN (
    SELECT d.objid, d.deptype, d.refobjid, a.attname
    FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.objsubid = 0 AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        AND d.objid IN (SELECT seqrelid FROM pg_sequence)
) AS owner ON owner.objid = r.oid
WHERE r.relkind = 'S'
