-- part 1
CREATE FUNCTION public.e()
 RETURNS event_trigger
 LANGUAGE plpgsql
AS $function$BEGIN END$function$;
CREATE EVENT TRIGGER t ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.e();
