-- part 1
ALTER TABLE public.books RENAME TO tomes;
ALTER SEQUENCE public.books_id_seq RENAME TO tomes_id_seq;
ALTER TABLE public.tomes RENAME CONSTRAINT books_pages_check TO tomes_pages_check;
ALTER TABLE public.tomes RENAME CONSTRAINT books_pkey TO tomes_pkey;
ALTER TABLE public.tomes RENAME CONSTRAINT books_title_key TO tomes_title_key;
ALTER INDEX public.books_pages_idx RENAME TO tomes_pages_idx;
