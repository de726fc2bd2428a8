-- part 1
ALTER TABLE public.t RENAME CONSTRAINT pk_t TO t_pkey;
