-- part 1
GRANT SELECT (title), UPDATE (title) ON TABLE public.books TO case_alice;
COMMENT ON COLUMN public.books.title IS 'name';
GRANT UPDATE (pages) ON TABLE public.books TO case_alice;
