-- part 1
ALTER TABLE public.books DISABLE TRIGGER g;
