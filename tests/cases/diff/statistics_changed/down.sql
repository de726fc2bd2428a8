-- part 1
DROP STATISTICS public.s;
CREATE STATISTICS public.s ON title, pages FROM public.books;
