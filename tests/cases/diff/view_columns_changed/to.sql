CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE VIEW v AS SELECT id, pages, title FROM books;
CREATE VIEW w AS SELECT id FROM v;
GRANT SELECT ON w TO case_alice;
