-- part 1
-- hazard: DataLoss: table public.events_2: its rows are lost
DROP TABLE public.events_2;
