-- part 1
DROP TRIGGER g ON public.books;
