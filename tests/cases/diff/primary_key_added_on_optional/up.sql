-- note: rows where public.t.id is null make it fail; give them a value first: UPDATE public.t SET id = … WHERE id IS NULL
-- part 1
ALTER TABLE public.t ADD CONSTRAINT t_id_not_null CHECK (id IS NOT NULL) NOT VALID;
-- part 2
-- hazard: MayFail: column public.t.id: it fails where a value is null
ALTER TABLE public.t VALIDATE CONSTRAINT t_id_not_null;
ALTER TABLE public.t
    ALTER COLUMN id SET NOT NULL,
    DROP CONSTRAINT t_id_not_null;
-- part 3, outside of a transaction
-- hazard: MayFail: constraint t_pkey on public.t: it fails where rows have the same values
CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON public.t USING btree (id);
ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;
