-- part 1
-- fails while a row has a label that goes
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
ALTER TABLE public.people ADD CONSTRAINT c CHECK (((m <> 'sad'::public.mood) OR (id > 0)));
CREATE VIEW public.v AS
 SELECT people.m
   FROM public.people
  WHERE (people.m > 'sad'::public.mood);
CREATE FUNCTION public.f(public.mood)
 RETURNS public.mood
 LANGUAGE sql
AS $function$SELECT $1$function$;
CREATE INDEX part ON public.people USING btree (id) WHERE (m = 'ok'::public.mood);
ALTER TABLE public.people VALIDATE CONSTRAINT c;
