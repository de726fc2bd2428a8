-- part 1
ALTER TABLE public.events DROP CONSTRAINT events_note_fkey;
