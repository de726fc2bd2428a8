-- part 1
CREATE OR REPLACE PROCEDURE public.p()
 LANGUAGE plpgsql
AS $procedure$BEGIN NULL; END$procedure$;
GRANT EXECUTE ON PROCEDURE public.p() TO case_alice;
