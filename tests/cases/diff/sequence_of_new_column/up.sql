-- part 1
ALTER TABLE public.books ADD COLUMN n integer DEFAULT 0;
ALTER SEQUENCE public.s OWNED BY public.books.n;
