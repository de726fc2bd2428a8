CREATE TABLE books (id bigint PRIMARY KEY, name text, pages int DEFAULT 5, a int, b text DEFAULT 'x', c date);
CREATE INDEX ON books (name);
