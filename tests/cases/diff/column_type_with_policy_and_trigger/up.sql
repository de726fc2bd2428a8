-- part 1
-- hazard: Rewrite: column public.books.pages: every row is written anew while nobody gets at the table
DROP POLICY p ON public.books;
DROP TRIGGER g ON public.books;
ALTER TABLE public.books ALTER COLUMN pages TYPE bigint;
CREATE TRIGGER g BEFORE UPDATE OF pages ON public.books FOR EACH ROW EXECUTE FUNCTION public.f();
CREATE POLICY p ON public.books USING ((pages > 1));
