-- part 1
ALTER TABLE public.tomes RENAME CONSTRAINT tomes_pkey TO books_pkey;
ALTER SEQUENCE public.tomes_id_seq RENAME TO books_id_seq;
ALTER TABLE public.tomes RENAME TO books;
