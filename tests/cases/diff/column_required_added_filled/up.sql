-- part 1
ALTER TABLE public.books ADD COLUMN isbn text NOT NULL DEFAULT ('unknown');
ALTER TABLE public.books ALTER COLUMN isbn DROP DEFAULT;
