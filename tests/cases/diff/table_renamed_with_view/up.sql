-- part 1
ALTER TABLE public.books RENAME TO tomes;
ALTER TABLE public.tomes RENAME CONSTRAINT books_pkey TO tomes_pkey;
