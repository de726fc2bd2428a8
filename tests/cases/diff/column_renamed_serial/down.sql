-- part 1
ALTER SEQUENCE public.books_key_seq RENAME TO books_id_seq;
ALTER TABLE public.books RENAME COLUMN key TO id;
