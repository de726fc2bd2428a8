-- part 1
-- hazard: MayFail: column public.events.note: it fails where a value has no place in the new type
-- hazard: Rewrite: column public.events.note: every row is written anew while nobody gets at the table
ALTER TABLE public.events ALTER COLUMN note TYPE character varying(20);
