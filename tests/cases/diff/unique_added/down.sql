-- part 1, outside of a transaction
ALTER TABLE public.books DROP CONSTRAINT books_title_key;
