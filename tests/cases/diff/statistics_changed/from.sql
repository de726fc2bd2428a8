CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE STATISTICS s ON title, pages FROM books;
