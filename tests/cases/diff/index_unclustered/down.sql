-- part 1
ALTER TABLE public.books CLUSTER ON i;
