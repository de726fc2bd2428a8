-- part 1
ALTER TABLE public.tomes RENAME CONSTRAINT tomes_pkey TO books_pkey;
ALTER TABLE public.tomes RENAME TO books;
