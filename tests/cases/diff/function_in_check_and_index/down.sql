-- part 1
DROP TABLE public.t;
DROP FUNCTION public.f(integer);
