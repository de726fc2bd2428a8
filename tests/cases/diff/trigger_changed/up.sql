-- part 1
DROP TRIGGER g ON public.books;
CREATE TRIGGER g AFTER INSERT ON public.books FOR EACH ROW EXECUTE FUNCTION public.f();
