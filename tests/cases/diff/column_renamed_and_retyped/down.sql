-- part 1
ALTER TABLE public.books ALTER COLUMN sheets TYPE integer;
ALTER TABLE public.books RENAME COLUMN sheets TO pages;
