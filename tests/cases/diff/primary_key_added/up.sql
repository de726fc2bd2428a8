-- part 1, outside of a transaction
-- hazard: MayFail: constraint t_pkey on public.t: it fails where rows have the same values
CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON public.t USING btree (id);
ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;
