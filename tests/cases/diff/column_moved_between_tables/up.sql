-- part 1
-- hazard: DataLoss: column public.books.pages: its values are lost
ALTER TABLE public.books DROP COLUMN pages;
ALTER TABLE public.extra ADD COLUMN pages integer;
