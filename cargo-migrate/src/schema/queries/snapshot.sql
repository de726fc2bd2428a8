-- The frame round all queries: what they share comes first, and `{objects}` is where they go in, joined by UNION ALL.
-- Each yields kind, identity, part_of, body, classid, objid, objsubid, owner, acl, the acl without any GRANT, and what
-- generating SQL needs besides, as an object of JSON.
WITH space AS MATERIALIZED (
    -- Every schema but the system's: names that begin with pg_ are reserved.
    SELECT oid, quote_ident(nspname) AS name FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
),
member AS MATERIALIZED (
    -- Members of extensions, which the extension's own version stands for, and what comes with a type, as a range's constructors do.
    SELECT classid, objid FROM pg_depend
    WHERE deptype = 'e' OR deptype = 'i' AND classid IN ('pg_proc'::regclass, 'pg_cast'::regclass)
),
ignored AS MATERIALIZED (
    SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN (VALUES {ignored}) AS i (space, name) ON i.space = n.nspname AND i.name = c.relname
),
relation AS MATERIALIZED (
    SELECT c.oid, space.name || '.' || quote_ident(c.relname) AS identity, c.relkind, c.relowner, c.relacl, c.relam, c.reltablespace,
        c.reltoastrelid, c.reloftype, c.reltype, c.relpersistence, c.relreplident, c.relrowsecurity, c.relforcerowsecurity,
        c.relispopulated, c.relispartition,
        CASE WHEN c.reloptions IS NOT NULL THEN
            (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(c.reloptions) o) END AS options
    FROM pg_class c JOIN space ON space.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c')
        AND c.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_class'::regclass)
        AND c.oid NOT IN (SELECT oid FROM ignored)
        AND c.oid NOT IN (
            SELECT objid FROM pg_depend
            WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
                AND refobjid IN (SELECT oid FROM ignored)
        )
),
object AS (
{objects}
)
SELECT object.kind, object.identity, object.part_of, object.body,
    CASE WHEN object.objsubid = 0 AND object.kind <> 'default privileges' THEN quote_ident(owner.rolname) END AS owner,
    CASE WHEN object.acl IS NOT NULL THEN (
        -- What differs from the privileges that such an object has without a GRANT: no acl and one that says the same are equal.
        SELECT string_agg(line, E'\n' ORDER BY line COLLATE "C")
        FROM (
            SELECT format('%s %s %s %s%s%s', verb, string_agg(privilege_type, ', ' ORDER BY privilege_type COLLATE "C"), preposition,
                CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                CASE WHEN is_grantable THEN ' with grant option' END,
                CASE WHEN grantor <> object.owner THEN ' by ' || quote_ident(pg_get_userbyid(grantor)) END) AS line
            FROM (
                SELECT 'grant' AS verb, 'to' AS preposition, given.*
                FROM (SELECT * FROM aclexplode(object.acl) EXCEPT SELECT * FROM aclexplode(object.acl_default)) AS given
                UNION ALL
                SELECT 'revoke', 'from', taken.*
                FROM (SELECT * FROM aclexplode(object.acl_default) EXCEPT SELECT * FROM aclexplode(object.acl)) AS taken
            ) AS changed
            GROUP BY verb, preposition, grantor, grantee, is_grantable
        ) AS lines
    ) END AS privileges,
    coalesce(d.description, s.description) AS comment,
    label.labels, object.detail, object.classid, object.objid, object.objsubid
FROM object
LEFT JOIN pg_roles owner ON owner.oid = object.owner
LEFT JOIN pg_description d ON d.objoid = object.objid AND d.classoid = object.classid AND d.objsubid = object.objsubid
LEFT JOIN pg_shdescription s ON s.objoid = object.objid AND s.classoid = object.classid AND object.objsubid = 0
LEFT JOIN (
    SELECT classoid, objoid, objsubid, string_agg(quote_ident(provider) || ': ' || label, E'\n' ORDER BY provider COLLATE "C") AS labels
    FROM (
        SELECT classoid, objoid, objsubid, provider, label FROM pg_seclabel
        UNION ALL SELECT classoid, objoid, 0, provider, label FROM pg_shseclabel
    ) AS l
    GROUP BY classoid, objoid, objsubid
) AS label ON label.objoid = object.objid AND label.classoid = object.classid AND label.objsubid = object.objsubid
