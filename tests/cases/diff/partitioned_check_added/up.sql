-- part 1
ALTER TABLE public.events ADD CONSTRAINT events_id_check CHECK ((id > 0)) NOT VALID;
-- part 2
-- hazard: MayFail: constraint events_id_check on public.events: it fails where rows break it
ALTER TABLE public.events VALIDATE CONSTRAINT events_id_check;
