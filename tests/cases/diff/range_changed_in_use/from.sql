CREATE TYPE span AS RANGE (subtype = int);
CREATE TABLE t (s span);
