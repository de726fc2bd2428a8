CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE VIEW v AS SELECT id, title FROM books;
COMMENT ON VIEW v IS 'x';
COMMENT ON COLUMN v.title IS 'y';
GRANT SELECT ON v TO case_alice;
