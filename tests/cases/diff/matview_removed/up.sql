-- part 1
DROP MATERIALIZED VIEW public.m;
