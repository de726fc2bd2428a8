DELETE FROM books;
-- separately
REINDEX INDEX CONCURRENTLY one_title;
