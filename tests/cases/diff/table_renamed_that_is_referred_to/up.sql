-- part 1
ALTER TABLE public.authors RENAME TO writers;
ALTER TABLE public.writers RENAME CONSTRAINT authors_pkey TO writers_pkey;
