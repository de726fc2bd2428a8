-- part 1
CREATE PROCEDURE public.p(INOUT n integer)
 LANGUAGE plpgsql
AS $procedure$BEGIN n := 1; END$procedure$;
COMMENT ON PROCEDURE public.p(integer) IS 'p';
