CREATE COLLATION plain (provider = icu, locale = 'de', deterministic = false);
COMMENT ON COLLATION plain IS 'German';
