-- part 1
-- hazard: DataLoss: column public.books.number: its values are lost
ALTER TABLE public.books DROP COLUMN number;
