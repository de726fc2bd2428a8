DROP FUNCTION twice(bigint, text[]);
