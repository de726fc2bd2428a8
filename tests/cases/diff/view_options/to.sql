CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE VIEW v WITH (security_barrier = true, check_option = local) AS SELECT id FROM books;
