SELECT 'publication' AS kind, quote_ident(p.pubname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n',
        CASE WHEN p.puballtables THEN 'for all tables' END,
        'publish ' || nullif(concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
            CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END), ''),
        CASE WHEN p.pubviaroot THEN 'via partition root' END,
        CASE p.pubgencols WHEN 's' THEN 'stored generated columns' END, --@ since 18
        (SELECT string_agg('schema ' || n.pnnspid::regnamespace, E'\n' ORDER BY n.pnnspid::regnamespace::text COLLATE "C") --@ since 15
            FROM pg_publication_namespace n WHERE n.pnpubid = p.oid), --@ since 15
        (SELECT string_agg('table ' || r.identity
                || coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) --@ since 15
                    FROM pg_attribute a WHERE a.attrelid = t.prrelid AND a.attnum = ANY (t.prattrs)) || ')', '') --@ since 15
                || coalesce(' where ' || pg_get_expr(t.prqual, t.prrelid), '') --@ since 15
                , E'\n' ORDER BY r.identity COLLATE "C")
            FROM pg_publication_rel t JOIN relation r ON r.oid = t.prrelid WHERE t.prpubid = p.oid)) AS body,
    'pg_publication'::regclass::oid AS classid, p.oid AS objid, 0 AS objsubid,
    p.pubowner AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_publication p
WHERE p.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_publication'::regclass)
