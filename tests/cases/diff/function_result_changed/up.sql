-- part 1
-- functions may speak of what is made after them
SET LOCAL check_function_bodies = off;
DROP VIEW public.v;
ALTER TABLE public.t ALTER COLUMN c DROP DEFAULT;
DROP FUNCTION public.f(integer);
CREATE FUNCTION public.f(a integer)
 RETURNS bigint
 LANGUAGE sql
AS $function$SELECT a::bigint$function$;
ALTER TABLE public.t ALTER COLUMN c SET DEFAULT public.f(2);
CREATE VIEW public.v AS
 SELECT public.f(1) AS x;
