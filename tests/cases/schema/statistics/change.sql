CREATE STATISTICS books_both (dependencies, ndistinct) ON title, pages FROM books;
ALTER STATISTICS books_both SET STATISTICS 50;
COMMENT ON STATISTICS books_both IS 'both';
