-- part 1
-- functions may speak of what is made after them
SET LOCAL check_function_bodies = off;
CREATE VIEW public.v AS
 SELECT 1 AS x;
CREATE FUNCTION public.a()
 RETURNS bigint
 LANGUAGE sql
AS $function$SELECT count(*) FROM v$function$;
CREATE VIEW public.w AS
 SELECT public.a() AS n;
