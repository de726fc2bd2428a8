-- part 1
DROP TABLE public.comics;
