CREATE TYPE place AS (street text, number int, more text);
CREATE TABLE t (p place);
