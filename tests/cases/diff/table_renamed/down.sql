-- part 1
ALTER INDEX public.tomes_pages_idx RENAME TO books_pages_idx;
ALTER TABLE public.tomes RENAME CONSTRAINT tomes_title_key TO books_title_key;
ALTER TABLE public.tomes RENAME CONSTRAINT tomes_pkey TO books_pkey;
ALTER TABLE public.tomes RENAME CONSTRAINT tomes_pages_check TO books_pages_check;
ALTER SEQUENCE public.tomes_id_seq RENAME TO books_id_seq;
ALTER TABLE public.tomes RENAME TO books;
