-- part 1
DROP POLICY p ON public.books;
DROP TRIGGER g ON public.books;
ALTER TABLE public.books ALTER COLUMN pages TYPE integer;
CREATE TRIGGER g BEFORE UPDATE OF pages ON public.books FOR EACH ROW EXECUTE FUNCTION public.f();
CREATE POLICY p ON public.books USING ((pages > 1));
