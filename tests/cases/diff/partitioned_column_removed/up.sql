-- part 1
-- hazard: DataLoss: column public.events.note: its values are lost
DROP INDEX public.events_note_idx;
ALTER TABLE public.events DROP COLUMN note;
