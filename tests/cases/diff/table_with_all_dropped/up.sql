-- part 1
-- hazard: DataLoss: table public.books: its rows are lost
DROP VIEW public.v;
DROP TABLE public.books;
DROP FUNCTION public.f();
