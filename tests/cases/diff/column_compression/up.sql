-- part 1
ALTER TABLE public.books ALTER COLUMN title SET COMPRESSION pglz;
