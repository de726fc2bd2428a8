-- part 1
DROP POLICY p ON public.books;
CREATE POLICY p ON public.books USING ((pages > 1));
