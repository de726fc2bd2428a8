-- part 1
-- hazard: DataLoss: table public.places: its rows are lost
DROP TABLE public.places;
