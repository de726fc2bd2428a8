-- part 1
ALTER TABLE public.events DETACH PARTITION public.events_1;
