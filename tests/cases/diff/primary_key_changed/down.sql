-- part 2, outside of a transaction
ALTER TABLE public.t DROP CONSTRAINT t_pkey;
-- part 1
ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
