CREATE TABLE books (id bigint, gone int, title text);
ALTER TABLE books DROP gone;
