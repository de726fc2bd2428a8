-- part 1
DROP TABLE public.books;
