-- part 1
ALTER TABLE public.t
    DROP CONSTRAINT x,
    ADD CONSTRAINT x EXCLUDE USING gist (during WITH &&);
