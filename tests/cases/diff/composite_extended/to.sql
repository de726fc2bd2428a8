CREATE TYPE place AS (street text, number int);
CREATE TABLE t (p place);
COMMENT ON COLUMN place.number IS 'n';
