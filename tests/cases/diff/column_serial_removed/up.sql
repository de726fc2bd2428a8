-- part 1
-- hazard: DataLoss: column public.books.n: its values are lost
ALTER TABLE public.books DROP COLUMN n;
