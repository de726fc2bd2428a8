DROP INDEX books_lower;
