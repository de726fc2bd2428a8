CREATE DOMAIN number AS int CHECK (VALUE > 0);
CREATE TABLE t (n number);
