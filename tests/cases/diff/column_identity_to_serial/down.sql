-- part 1
ALTER TABLE public.books ALTER COLUMN id DROP DEFAULT;
DROP SEQUENCE public.books_id_seq;
ALTER TABLE public.books ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
-- the new sequence goes on where the rows are
SELECT pg_catalog.setval('public.books_id_seq'::regclass, coalesce(max(id) + 1, 1), false) FROM public.books;
