CREATE TABLE t (c text CHECK (c IN ('a', 'b')), d int);
CREATE INDEX ON t (c) WHERE c <> 'a';
