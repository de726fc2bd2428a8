CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
COMMENT ON COLUMN books.title IS 'name';
GRANT SELECT (title), UPDATE (title, pages) ON books TO case_alice;
