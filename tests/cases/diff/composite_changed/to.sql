CREATE TYPE place AS (town text, number bigint, street text);
CREATE TABLE t (p place);
