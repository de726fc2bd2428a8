-- part 1
-- hazard: MayFail: constraint t_during_excl on public.t: it fails where rows break it
-- hazard: Blocks: constraint t_during_excl on public.t: every row is read while nobody writes to the table
ALTER TABLE public.t ADD CONSTRAINT t_during_excl EXCLUDE USING gist (during WITH &&);
