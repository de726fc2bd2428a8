CREATE TYPE span AS RANGE (subtype = bigint);
CREATE TABLE t (s span);
