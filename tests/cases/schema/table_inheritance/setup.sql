CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, pages int);
CREATE TABLE base (id bigint NOT NULL);
