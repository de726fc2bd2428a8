-- part 1
-- hazard: Rewrite: column public.books.sheets: every row is written anew while nobody gets at the table
ALTER TABLE public.books RENAME COLUMN pages TO sheets;
ALTER TABLE public.books ALTER COLUMN sheets TYPE bigint;
