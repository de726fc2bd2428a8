SELECT 'rule' AS kind, quote_ident(w.rulename) || ' on ' || r.identity AS identity, r.identity AS part_of,
    concat_ws(E'\n', shown.definition,
        CASE w.ev_enabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled on a replica only' WHEN 'A' THEN 'enabled always' END) AS body,
    'pg_rewrite'::regclass::oid AS classid, w.oid AS objid, 0 AS objsubid,
    NULL::oid AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default,
    json_strip_nulls(json_build_object('definition', shown.definition, 'enabled', w.ev_enabled)) AS detail
FROM pg_rewrite w JOIN relation r ON r.oid = w.ev_class
CROSS JOIN LATERAL (SELECT pg_get_ruledef(w.oid) AS definition OFFSET 0) AS shown
WHERE w.rulename <> '_RETURN'
