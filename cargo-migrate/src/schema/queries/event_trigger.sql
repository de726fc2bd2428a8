SELECT 'event trigger' AS kind, quote_ident(e.evtname) AS identity, NULL::text AS part_of,
    concat_ws(E'\n', 'on ' || e.evtevent,
        'when tag in ' || (SELECT string_agg(quote_literal(tag), ', ' ORDER BY tag COLLATE "C") FROM unnest(e.evttags) tag),
        'execute ' || e.evtfoid::regprocedure,
        CASE e.evtenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled on a replica only' WHEN 'A' THEN 'enabled always' END) AS body,
    'pg_event_trigger'::regclass::oid AS classid, e.oid AS objid, 0 AS objsubid,
    e.evtowner AS owner, NULL::aclitem[] AS acl, NULL::aclitem[] AS acl_default,
    json_strip_nulls(json_build_object('event', e.evtevent, 'tags', to_json(e.evttags), 'function', e.evtfoid::regproc::text, 'enabled', e.evtenabled)) AS detail
FROM pg_event_trigger e
WHERE e.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_event_trigger'::regclass)
