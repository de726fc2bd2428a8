-- part 1
DROP TABLE public.m;
DROP TABLE public.a;
DROP TABLE public.z;
