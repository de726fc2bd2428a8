-- part 1
DROP COLLATION public.plain;
