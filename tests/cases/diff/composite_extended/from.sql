CREATE TYPE place AS (street text);
CREATE TABLE t (p place);
