-- part 1
DROP POLICY p ON public.books;
CREATE POLICY p ON public.books FOR SELECT TO case_alice USING ((pages > 2));
