-- part 1
ALTER TABLE public.books ALTER COLUMN id DROP IDENTITY;
CREATE SEQUENCE public.books_id_seq AS integer;
ALTER TABLE public.books ALTER COLUMN id SET DEFAULT nextval('public.books_id_seq'::regclass);
ALTER SEQUENCE public.books_id_seq OWNED BY public.books.id;
-- the new sequence goes on where the rows are
SELECT pg_catalog.setval('public.books_id_seq'::regclass, coalesce(max(id) + 1, 1), false) FROM public.books;
