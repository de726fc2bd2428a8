-- part 1
ALTER TABLE public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
