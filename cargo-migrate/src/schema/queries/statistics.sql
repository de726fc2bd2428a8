SELECT 'statistics' AS kind, space.name || '.' || quote_ident(x.stxname) AS identity, r.identity AS part_of,
    concat_ws(E'\n', pg_get_statisticsobjdef(x.oid),
        'statistics ' || CASE WHEN x.stxstattarget >= 0 THEN x.stxstattarget END) AS body,
    'pg_statistic_ext'::regclass::oid AS classid, x.oid AS objid, 0 AS objsubid,
    x.stxowner AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default,
    json_strip_nulls(json_build_object('definition', pg_get_statisticsobjdef(x.oid), 'target', CASE WHEN x.stxstattarget >= 0 THEN x.stxstattarget END)) AS detail
FROM pg_statistic_ext x
JOIN relation r ON r.oid = x.stxrelid
JOIN space ON space.oid = x.stxnamespace
