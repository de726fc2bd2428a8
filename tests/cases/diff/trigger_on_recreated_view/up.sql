-- part 1
DROP VIEW public.v;
CREATE VIEW public.v AS
 SELECT books.title,
    books.id
   FROM public.books;
CREATE TRIGGER g INSTEAD OF INSERT ON public.v FOR EACH ROW EXECUTE FUNCTION public.f();
