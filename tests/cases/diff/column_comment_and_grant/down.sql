-- part 1
REVOKE UPDATE (pages) ON TABLE public.books FROM case_alice;
REVOKE SELECT (title), UPDATE (title) ON TABLE public.books FROM case_alice;
COMMENT ON COLUMN public.books.title IS NULL;
