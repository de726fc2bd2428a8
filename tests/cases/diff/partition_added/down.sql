-- part 1
DROP TABLE public.events_2;
