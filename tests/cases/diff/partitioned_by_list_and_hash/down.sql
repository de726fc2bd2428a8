-- part 1
DROP TABLE public.l12;
DROP TABLE public.l11;
DROP TABLE public.l1;
DROP TABLE public.l;
