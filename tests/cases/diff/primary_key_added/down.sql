-- part 1, outside of a transaction
ALTER TABLE public.t DROP CONSTRAINT t_pkey;
