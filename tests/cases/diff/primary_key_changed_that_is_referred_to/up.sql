-- part 1
ALTER TABLE public.b DROP CONSTRAINT b_a_fkey;
ALTER TABLE public.a DROP CONSTRAINT a_pkey;
-- part 2, outside of a transaction
-- hazard: MayFail: constraint a_id_key on public.a: it fails where rows have the same values
-- hazard: MayFail: constraint a_pkey on public.a: it fails where rows have the same values
CREATE UNIQUE INDEX CONCURRENTLY a_id_key ON public.a USING btree (id);
ALTER TABLE public.a ADD CONSTRAINT a_id_key UNIQUE USING INDEX a_id_key;
CREATE UNIQUE INDEX CONCURRENTLY a_pkey ON public.a USING btree (c);
ALTER TABLE public.a ADD CONSTRAINT a_pkey PRIMARY KEY USING INDEX a_pkey;
-- part 3
ALTER TABLE public.b ADD CONSTRAINT b_a_fkey FOREIGN KEY (a) REFERENCES public.a(id) NOT VALID;
-- part 4
-- hazard: MayFail: constraint b_a_fkey on public.b: it fails where rows break it
ALTER TABLE public.b VALIDATE CONSTRAINT b_a_fkey;
