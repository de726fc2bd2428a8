-- part 1
ALTER TABLE public.events ALTER COLUMN note TYPE text;
