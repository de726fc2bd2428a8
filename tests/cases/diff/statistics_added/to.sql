CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE STATISTICS s (dependencies, ndistinct) ON title, pages FROM books;
ALTER STATISTICS s SET STATISTICS 50;
COMMENT ON STATISTICS s IS 's';
