-- part 1
ALTER TABLE public.t RENAME CONSTRAINT t_pkey TO pk_t;
