-- part 1
-- hazard: Rewrite: column public.books.title: every row is written anew while nobody gets at the table
CREATE COLLATION public.plain (PROVIDER = libc, LC_COLLATE = 'C', LC_CTYPE = 'C');
ALTER TABLE public.books ALTER COLUMN title TYPE text COLLATE public.plain;
