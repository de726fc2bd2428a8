CREATE DOMAIN email AS text CHECK (VALUE <> '');
CREATE TABLE t (m email);
