-- part 1
DROP STATISTICS public.s;
CREATE STATISTICS public.s ON id, title FROM public.books;
