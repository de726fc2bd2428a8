-- part 1
-- hazard: MayFail: column public.others.ms: it fails where a value has no place in the new type
-- hazard: MayFail: column public.people.m: it fails where a value has no place in the new type
-- hazard: Rewrite: column public.others.ms: every row is written anew while nobody gets at the table
-- hazard: Rewrite: column public.people.m: every row is written anew while nobody gets at the table
DROP FUNCTION public.f(public.mood);
DROP VIEW public.v;
DROP INDEX public.part;
ALTER TABLE public.people DROP CONSTRAINT c;
ALTER TYPE public.mood RENAME TO mood_old;
CREATE TYPE public.mood AS ENUM ('sad', 'ok');
GRANT USAGE ON TYPE public.mood TO case_alice;
ALTER TABLE public.others
    ALTER COLUMN ms DROP DEFAULT,
    ALTER COLUMN ms TYPE public.mood[] USING ms::text[]::public.mood[],
    ALTER COLUMN ms SET DEFAULT '{ok}'::public.mood[];
ALTER TABLE public.people
    ALTER COLUMN m DROP DEFAULT,
    ALTER COLUMN m TYPE public.mood USING m::text::public.mood,
    ALTER COLUMN m SET DEFAULT 'ok'::public.mood;
DROP TYPE public.mood_old;
ALTER TABLE public.people ADD CONSTRAINT c CHECK (((m <> 'sad'::public.mood) OR (id > 0))) NOT VALID;
CREATE VIEW public.v AS
 SELECT people.m
   FROM public.people
  WHERE (people.m > 'sad'::public.mood);
CREATE FUNCTION public.f(public.mood)
 RETURNS public.mood
 LANGUAGE sql
AS $function$SELECT $1$function$;
-- part 2, outside of a transaction
CREATE INDEX CONCURRENTLY part ON public.people USING btree (id) WHERE (m = 'ok'::public.mood);
-- part 3
-- hazard: MayFail: constraint c on public.people: it fails where rows break it
ALTER TABLE public.people VALIDATE CONSTRAINT c;
