-- part 1
ALTER INDEX public.i RENAME TO ix_books_title;
