-- part 1
ALTER TABLE public.books DROP CONSTRAINT books_title_key;
