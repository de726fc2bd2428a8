-- note: rows where public.events.note is null make it fail; give them a value first: UPDATE public.events SET note = … WHERE note IS NULL
-- part 1
ALTER TABLE public.events ADD CONSTRAINT events_note_not_null CHECK (note IS NOT NULL) NOT VALID;
-- part 2
-- hazard: MayFail: column public.events.note: it fails where a value is null
ALTER TABLE public.events VALIDATE CONSTRAINT events_note_not_null;
ALTER TABLE public.events
    ALTER COLUMN note SET NOT NULL,
    DROP CONSTRAINT events_note_not_null;
