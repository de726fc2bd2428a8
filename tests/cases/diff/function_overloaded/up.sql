-- part 1
CREATE FUNCTION public.f(a text)
 RETURNS text
 LANGUAGE sql
AS $function$SELECT a$function$;
