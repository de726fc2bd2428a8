-- part 1
ALTER TABLE public.books ENABLE TRIGGER g;
