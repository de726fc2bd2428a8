-- part 1
ALTER TABLE public.t DROP CONSTRAINT t_pkey;
-- part 2, outside of a transaction
-- hazard: MayFail: constraint t_pkey on public.t: it fails where rows have the same values
CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON public.t USING btree (id, c);
ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;
