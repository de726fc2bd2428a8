CREATE DOMAIN mail AS text CONSTRAINT email_check CHECK (VALUE <> '');
CREATE TABLE t (m mail);
