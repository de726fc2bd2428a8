-- part 1
-- hazard: DataLoss: table public.comics: its rows are lost
DROP TABLE public.comics;
