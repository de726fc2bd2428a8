-- Who needs whom, for the objects that the big query yields: `edge` is an entry of pg_depend, `alias` says that what has no
-- object of its own stands for another one.
SELECT 'edge' AS link, classid, objid, objsubid, refclassid, refobjid, refobjsubid
FROM pg_depend WHERE deptype IN ('n', 'a', 'i') AND refobjid >= 16384
UNION ALL
SELECT 'alias', classid, objid, objsubid, refclassid, refobjid, 0 FROM pg_depend WHERE deptype = 'e'
UNION ALL
SELECT 'alias', 'pg_attrdef'::regclass, oid, 0, 'pg_class'::regclass, adrelid, adnum FROM pg_attrdef WHERE oid >= 16384
UNION ALL
SELECT 'alias', 'pg_rewrite'::regclass, oid, 0, 'pg_class'::regclass, ev_class, 0 FROM pg_rewrite
WHERE rulename = '_RETURN' AND oid >= 16384
UNION ALL
-- A row type is its relation, but for composite types, where it is the other way round.
SELECT 'alias', 'pg_type'::regclass, t.oid, 0, 'pg_class'::regclass, t.typrelid, 0
FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid WHERE t.oid >= 16384 AND c.relkind <> 'c'
UNION ALL
SELECT 'alias', 'pg_class'::regclass, c.oid, 0, 'pg_type'::regclass, c.reltype, 0
FROM pg_class c WHERE c.oid >= 16384 AND c.relkind = 'c'
UNION ALL
SELECT 'alias', 'pg_type'::regclass, t.typarray, 0, 'pg_type'::regclass, t.oid, 0 FROM pg_type t WHERE t.typarray >= 16384
UNION ALL --@ since 14
SELECT 'alias', 'pg_type'::regclass, g.rngmultitypid, 0, 'pg_type'::regclass, g.rngtypid, 0 --@ since 14
FROM pg_range g WHERE g.rngmultitypid >= 16384 --@ since 14
