CREATE FUNCTION twice(n bigint, VARIADIC rest text[] DEFAULT '{}') RETURNS TABLE (a int, b text) LANGUAGE plpgsql SECURITY DEFINER PARALLEL SAFE COST 5 ROWS 7 SET search_path = public AS 'BEGIN END';
REVOKE ALL ON FUNCTION twice(bigint, text[]) FROM PUBLIC;
COMMENT ON FUNCTION twice(bigint, text[]) IS 'twice';
