-- part 1
ALTER TABLE public.books RENAME TO tomes;
ALTER SEQUENCE public.books_id_seq RENAME TO tomes_id_seq;
ALTER TABLE public.tomes RENAME CONSTRAINT books_pkey TO tomes_pkey;
