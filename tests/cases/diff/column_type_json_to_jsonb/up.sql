-- part 1
-- hazard: Rewrite: column public.t.c: every row is written anew while nobody gets at the table
ALTER TABLE public.t ALTER COLUMN c TYPE jsonb;
