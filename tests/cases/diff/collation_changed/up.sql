-- part 1
DROP COLLATION public.plain;
CREATE COLLATION public.plain (PROVIDER = icu, LOCALE = 'de', DETERMINISTIC = false);
COMMENT ON COLLATION public.plain IS 'German';
