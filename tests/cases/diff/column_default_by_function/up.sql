-- part 1
CREATE FUNCTION public.f()
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;
ALTER TABLE public.books ALTER COLUMN pages SET DEFAULT public.f();
