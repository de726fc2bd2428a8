-- part 1
DROP VIEW public.v;
DROP FUNCTION public.f();
DROP TABLE public.t;
