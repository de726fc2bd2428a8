SELECT 'constraint' AS kind, quote_ident(c.conname) || ' on ' || coalesce(r.identity, format_type(c.contypid, NULL)) AS identity,
    coalesce(r.identity, format_type(c.contypid, NULL)) AS part_of,
    concat_ws(E'\n',
        shown.definition,
        CASE WHEN c.coninhcount > 0 THEN CASE WHEN c.conislocal THEN 'inherited, and of its own' ELSE 'inherited' END END,
        disabled.triggers
    ) AS body,
    'pg_constraint'::regclass::oid AS classid, c.oid AS objid, 0 AS objsubid,
    NULL::oid AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default,
    json_strip_nulls(json_build_object('type', c.contype, 'definition', shown.definition, 'inherited', c.coninhcount > 0, 'local', c.conislocal,
        'validated', c.convalidated, 'triggers', disabled.triggers)) AS detail
FROM pg_constraint c
CROSS JOIN LATERAL (SELECT pg_get_constraintdef(c.oid) AS definition OFFSET 0) AS shown
LEFT JOIN relation r ON r.oid = c.conrelid
LEFT JOIN pg_type t ON t.oid = c.contypid
LEFT JOIN (
    -- ALTER TABLE … DISABLE TRIGGER ALL turns a foreign key off without a word in its definition.
    SELECT g.tgconstraint, string_agg(DISTINCT
            CASE g.tgenabled WHEN 'D' THEN 'not enforced: triggers disabled' WHEN 'R' THEN 'enforced on a replica only'
                ELSE 'enforced always' END || ' on ' || g.tgrelid::regclass::text COLLATE "C", E'\n') AS triggers
    FROM pg_trigger g WHERE g.tgisinternal AND g.tgenabled <> 'O' GROUP BY g.tgconstraint
) AS disabled ON disabled.tgconstraint = c.oid
WHERE r.oid IS NOT NULL
    OR t.typnamespace IN (SELECT oid FROM space)
        AND t.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_type'::regclass)
