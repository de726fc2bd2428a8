-- part 1
DROP TABLE public.tomes;
