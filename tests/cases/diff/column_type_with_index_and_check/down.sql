-- part 3
-- part 2, outside of a transaction
DROP INDEX CONCURRENTLY public.t_c_idx;
-- part 1
ALTER TABLE public.t
    DROP CONSTRAINT t_c_check,
    ALTER COLUMN c TYPE character varying(10),
    ADD CONSTRAINT t_c_check CHECK (((c)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::character varying[]::text[])));
CREATE INDEX t_c_idx ON public.t USING btree (c) WHERE ((c)::text <> 'a'::text);
