-- part 1
ALTER TABLE public.books ALTER COLUMN title TYPE text;
DROP COLLATION public.plain;
