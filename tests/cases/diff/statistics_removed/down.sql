-- part 1
CREATE STATISTICS public.s (ndistinct, dependencies) ON title, pages FROM public.books;
ALTER STATISTICS public.s SET STATISTICS 50;
COMMENT ON STATISTICS public.s IS 's';
