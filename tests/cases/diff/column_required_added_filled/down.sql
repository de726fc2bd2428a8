-- part 1
ALTER TABLE public.books DROP COLUMN isbn;
