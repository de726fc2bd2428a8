-- part 1
DROP VIEW public.v;
