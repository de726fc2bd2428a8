-- part 1
ALTER INDEX public.ix_books_title RENAME TO i;
