-- part 1
ALTER INDEX public.books_name_idx RENAME TO books_title_idx;
ALTER TABLE public.books RENAME COLUMN name TO title;
