-- part 1
CREATE TRIGGER g BEFORE UPDATE OF title ON public.books FOR EACH ROW WHEN ((old.title IS DISTINCT FROM new.title)) EXECUTE FUNCTION public.f();
COMMENT ON TRIGGER g ON public.books IS 'g';
