-- part 2
ALTER TABLE public.events
    ALTER COLUMN note DROP NOT NULL,
    ADD CONSTRAINT events_note_not_null CHECK (note IS NOT NULL) NOT VALID;
-- part 1
ALTER TABLE public.events DROP CONSTRAINT events_note_not_null;
