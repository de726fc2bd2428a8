-- part 1
ALTER TABLE public.extra DROP COLUMN pages;
-- the values of public.books.pages can't come back
ALTER TABLE public.books ADD COLUMN pages integer;
