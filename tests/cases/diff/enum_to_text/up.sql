-- part 1
-- hazard: Rewrite: column public.people.m: every row is written anew while nobody gets at the table
ALTER TABLE public.people
    ALTER COLUMN m DROP DEFAULT,
    ALTER COLUMN m TYPE text,
    ALTER COLUMN m SET DEFAULT 'ok'::text;
DROP TYPE public.mood;
