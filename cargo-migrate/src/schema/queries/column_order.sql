-- Apart from the columns, so that a column more or less does not show as a change of its neighbours.
SELECT 'column order' AS kind, r.identity, r.identity AS part_of,
    string_agg(quote_ident(a.attname), E'\n' ORDER BY a.attnum) AS body,
    0::oid AS classid, 0::oid AS objid, 0 AS objsubid,
    NULL::oid AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE r.relkind IN ('r', 'p', 'f')
GROUP BY r.oid, r.identity
