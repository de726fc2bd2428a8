CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, pages int);
ALTER TABLE books SET (fillfactor = 70); ALTER TABLE books SET (autovacuum_enabled = off);
