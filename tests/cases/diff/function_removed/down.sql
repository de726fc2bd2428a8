-- part 1
CREATE FUNCTION public.f(a integer, b text DEFAULT 'x'::text)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT a$function$;
REVOKE EXECUTE ON FUNCTION public.f(integer, text) FROM PUBLIC;
COMMENT ON FUNCTION public.f(integer, text) IS 'f';
