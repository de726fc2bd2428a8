-- part 1
ALTER TABLE public.books ADD COLUMN isbn text;
