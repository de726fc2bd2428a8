-- part 1
-- hazard: MayFail: constraint events_note_fkey on public.events: it fails where rows break it
-- hazard: Blocks: constraint events_note_fkey on public.events: every row is read while nobody writes to the table
ALTER TABLE public.events ADD CONSTRAINT events_note_fkey FOREIGN KEY (note) REFERENCES public.notes(note);
