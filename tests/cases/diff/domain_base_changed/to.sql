CREATE DOMAIN number AS bigint CHECK (VALUE > 0);
CREATE TABLE t (n number);
