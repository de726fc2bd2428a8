-- part 1
ALTER TABLE public.books RENAME COLUMN title TO name;
ALTER INDEX public.books_title_idx RENAME TO books_name_idx;
