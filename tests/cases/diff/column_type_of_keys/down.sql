-- part 1
ALTER TABLE public.books
    ALTER COLUMN author TYPE integer,
    ALTER COLUMN id TYPE integer;
ALTER TABLE public.authors ALTER COLUMN id TYPE integer;
ALTER SEQUENCE public.books_id_seq AS integer MAXVALUE 2147483647;
