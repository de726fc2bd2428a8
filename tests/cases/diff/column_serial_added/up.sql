-- part 1
CREATE SEQUENCE public.books_n_seq AS integer;
ALTER TABLE public.books ADD COLUMN n integer NOT NULL DEFAULT nextval('public.books_n_seq'::regclass);
ALTER SEQUENCE public.books_n_seq OWNED BY public.books.n;
