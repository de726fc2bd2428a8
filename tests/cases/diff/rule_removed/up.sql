-- part 1
DROP RULE r ON public.books;
