-- The connection string is never read; on PostgreSQL 13 anyone but a superuser may read these columns only.
SELECT 'subscription' AS kind, quote_ident(s.subname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n',
        CASE WHEN NOT s.subenabled THEN 'disabled' END,
        'slot ' || quote_literal(s.subslotname),
        'publications ' || (SELECT string_agg(quote_ident(name), ', ' ORDER BY name COLLATE "C") FROM unnest(s.subpublications) name),
        'synchronous commit ' || quote_literal(s.subsynccommit), --@ since 14
        CASE WHEN s.subbinary THEN 'binary' END, --@ since 14
        CASE WHEN s.substream::text NOT IN ('f', 'false') THEN 'streaming ' || s.substream::text END, --@ since 14
        CASE WHEN s.subtwophasestate <> 'd' THEN 'two phase' END, --@ since 15
        CASE WHEN s.subdisableonerr THEN 'disable on error' END, --@ since 15
        CASE WHEN NOT s.subpasswordrequired THEN 'password not required' END, --@ since 16
        CASE WHEN s.subrunasowner THEN 'run as owner' END, --@ since 16
        'origin ' || s.suborigin, --@ since 16
        CASE WHEN s.subfailover THEN 'failover' END, --@ since 17
        NULL) AS body,
    'pg_subscription'::regclass::oid AS classid,
    s.oid AS objid, --@ since 14
    0::oid AS objid, --@ until 13
    0 AS objsubid, s.subowner AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default, NULL::json AS detail
FROM pg_subscription s
WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
