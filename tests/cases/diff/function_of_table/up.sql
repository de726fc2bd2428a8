-- part 1
-- functions may speak of what is made after them
SET LOCAL check_function_bodies = off;
CREATE TABLE public.t (
    id integer
);
CREATE FUNCTION public.f()
 RETURNS SETOF public.t
 LANGUAGE sql
AS $function$SELECT * FROM t$function$;
CREATE VIEW public.v AS
 SELECT f.id
   FROM public.f() f(id);
