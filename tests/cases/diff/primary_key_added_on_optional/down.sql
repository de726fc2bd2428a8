-- part 3, outside of a transaction
ALTER TABLE public.t DROP CONSTRAINT t_pkey;
-- part 2
ALTER TABLE public.t
    ALTER COLUMN id DROP NOT NULL,
    ADD CONSTRAINT t_id_not_null CHECK (id IS NOT NULL) NOT VALID;
-- part 1
ALTER TABLE public.t DROP CONSTRAINT t_id_not_null;
