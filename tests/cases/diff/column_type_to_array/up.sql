-- part 1
-- hazard: MayFail: column public.t.c: it fails where a value has no place in the new type
-- hazard: Rewrite: column public.t.c: every row is written anew while nobody gets at the table
ALTER TABLE public.t ALTER COLUMN c TYPE integer[] USING c::text::integer[];
