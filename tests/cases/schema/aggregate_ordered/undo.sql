DROP AGGREGATE middle(float8 ORDER BY anyelement);
