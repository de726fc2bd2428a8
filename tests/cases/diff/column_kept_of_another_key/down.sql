-- part 2, outside of a transaction
ALTER TABLE public.books DROP CONSTRAINT books_isbn;
-- part 1
ALTER TABLE public.books ADD CONSTRAINT books_pkey PRIMARY KEY (id);
