-- part 1
-- hazard: DataLoss: table public.events: its rows are lost
-- hazard: DataLoss: table public.events_1: its rows are lost
DROP TABLE public.events_1;
DROP TABLE public.events;
