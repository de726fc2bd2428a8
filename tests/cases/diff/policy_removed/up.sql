-- part 1
DROP POLICY p ON public.books;
ALTER TABLE public.books DISABLE ROW LEVEL SECURITY;
