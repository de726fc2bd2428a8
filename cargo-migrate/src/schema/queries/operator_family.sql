-- With the operators and functions of its classes: the catalogue keeps them by family.
SELECT 'operator family' AS kind, format('%s.%I using %I', space.name, f.opfname, m.amname) AS identity, NULL::text AS part_of,
    (SELECT string_agg(line, E'\n' ORDER BY line COLLATE "C") FROM (
        SELECT format('operator %s %s%s', o.amopstrategy, o.amopopr::regoperator,
            ' for order by ' || (SELECT format('%s.%I', s.opfnamespace::regnamespace, s.opfname) FROM pg_opfamily s WHERE s.oid = o.amopsortfamily)) AS line
        FROM pg_amop o WHERE o.amopfamily = f.oid
        UNION ALL
        SELECT format('function %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL), format_type(p.amprocrighttype, NULL),
            p.amproc::regprocedure)
        FROM pg_amproc p WHERE p.amprocfamily = f.oid) AS entries) AS body,
    'pg_opfamily'::regclass::oid AS classid, f.oid AS objid, 0 AS objsubid,
    f.opfowner AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_opfamily f JOIN space ON space.oid = f.opfnamespace
JOIN pg_am m ON m.oid = f.opfmethod
WHERE f.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_opfamily'::regclass)
