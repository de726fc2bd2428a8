-- part 1
CREATE VIEW public.v AS
 SELECT books.id
   FROM public.books;
CREATE TRIGGER g INSTEAD OF INSERT ON public.v FOR EACH ROW EXECUTE FUNCTION public.f();
