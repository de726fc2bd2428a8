-- part 1
ALTER TABLE public.books RENAME COLUMN id TO key;
ALTER SEQUENCE public.books_id_seq RENAME TO books_key_seq;
