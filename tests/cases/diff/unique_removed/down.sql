-- part 1
ALTER TABLE public.books ADD CONSTRAINT books_title_key UNIQUE (title);
