-- part 1
-- the values of public.events.note can't come back
ALTER TABLE public.events ADD COLUMN note text;
CREATE INDEX events_1_note_idx ON public.events_1 USING btree (note);
CREATE INDEX events_note_idx ON ONLY public.events USING btree (note);
ALTER INDEX public.events_note_idx ATTACH PARTITION public.events_1_note_idx;
