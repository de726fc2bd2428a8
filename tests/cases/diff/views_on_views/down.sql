-- part 1
DROP VIEW public.m;
DROP VIEW public.a;
DROP VIEW public.z;
