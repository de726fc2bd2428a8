-- part 2
-- part 1
ALTER TABLE public.events DROP CONSTRAINT events_id_check;
