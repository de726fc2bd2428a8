SELECT 'operator class' AS kind, format('%s.%I using %I', space.name, c.opcname, m.amname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n',
        CASE WHEN c.opcdefault THEN 'default ' ELSE '' END || 'for type ' || format_type(c.opcintype, NULL),
        'family ' || (SELECT format('%s.%I', f.opfnamespace::regnamespace, f.opfname) FROM pg_opfamily f WHERE f.oid = c.opcfamily),
        'storage ' || format_type(nullif(c.opckeytype, 0), NULL)) AS body,
    'pg_opclass'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
    c.opcowner AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_opclass c JOIN space ON space.oid = c.opcnamespace
JOIN pg_am m ON m.oid = c.opcmethod
WHERE c.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_opclass'::regclass)
