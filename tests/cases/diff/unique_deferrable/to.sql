CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
ALTER TABLE books ADD UNIQUE (title) DEFERRABLE INITIALLY DEFERRED;
COMMENT ON CONSTRAINT books_title_key ON books IS 'one';
