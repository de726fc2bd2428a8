-- part 1
-- hazard: MayFail: constraint x on public.t: it fails where rows break it
-- hazard: Blocks: constraint x on public.t: every row is read while nobody writes to the table
ALTER TABLE public.t
    DROP CONSTRAINT x,
    ADD CONSTRAINT x EXCLUDE USING gist (during WITH =);
