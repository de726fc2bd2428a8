-- part 1
REVOKE EXECUTE ON PROCEDURE public.p() FROM case_alice;
CREATE OR REPLACE PROCEDURE public.p()
 LANGUAGE plpgsql
AS $procedure$BEGIN END$procedure$;
