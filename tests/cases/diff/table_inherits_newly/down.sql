-- part 1
ALTER TABLE public.comics NO INHERIT public.books;
