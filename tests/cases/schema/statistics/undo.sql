DROP STATISTICS books_both;
