CREATE TABLE books (id int PRIMARY KEY, title text, pages int) WITH (fillfactor = 70, autovacuum_enabled = false);
