SET LOCAL check_function_bodies = off;
CREATE FUNCTION a() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM v';
CREATE VIEW v AS SELECT 1 AS x;
CREATE VIEW w AS SELECT a() AS n;
