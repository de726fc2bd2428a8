SELECT 'trigger' AS kind, quote_ident(g.tgname) || ' on ' || r.identity AS identity, r.identity AS part_of,
    concat_ws(E'\n', shown.definition,
        CASE g.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled on a replica only' WHEN 'A' THEN 'enabled always' END,
        CASE WHEN g.tgparentid <> 0 THEN 'inherited' END) AS body,
    'pg_trigger'::regclass::oid AS classid, g.oid AS objid, 0 AS objsubid,
    NULL::oid AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default,
    json_strip_nulls(json_build_object('definition', shown.definition, 'enabled', g.tgenabled, 'inherited', g.tgparentid <> 0)) AS detail
FROM pg_trigger g JOIN relation r ON r.oid = g.tgrelid
CROSS JOIN LATERAL (SELECT pg_get_triggerdef(g.oid) AS definition OFFSET 0) AS shown
WHERE NOT g.tgisinternal
