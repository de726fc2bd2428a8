-- part 1
DROP VIEW public.w;
DROP FUNCTION public.a();
DROP VIEW public.v;
