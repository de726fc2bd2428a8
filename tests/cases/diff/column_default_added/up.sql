-- part 1
ALTER TABLE public.books ALTER COLUMN pages SET DEFAULT 100;
