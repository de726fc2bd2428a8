-- part 1
ALTER TABLE public.comics INHERIT public.books;
