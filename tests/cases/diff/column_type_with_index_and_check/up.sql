-- part 1
DROP INDEX public.t_c_idx;
ALTER TABLE public.t
    DROP CONSTRAINT t_c_check,
    ALTER COLUMN c TYPE text,
    ADD CONSTRAINT t_c_check CHECK ((c = ANY (ARRAY['a'::text, 'b'::text]))) NOT VALID;
-- part 2, outside of a transaction
CREATE INDEX CONCURRENTLY t_c_idx ON public.t USING btree (c) WHERE (c <> 'a'::text);
-- part 3
-- hazard: MayFail: constraint t_c_check on public.t: it fails where rows break it
ALTER TABLE public.t VALIDATE CONSTRAINT t_c_check;
