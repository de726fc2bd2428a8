CREATE TABLE t (c varchar(10) CHECK (c IN ('a', 'b')), d int);
CREATE INDEX ON t (c) WHERE c <> 'a';
