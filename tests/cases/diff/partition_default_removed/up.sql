-- part 1
-- hazard: DataLoss: table public.events_rest: its rows are lost
DROP TABLE public.events_rest;
