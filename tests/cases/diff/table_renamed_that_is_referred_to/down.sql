-- part 1
ALTER TABLE public.writers RENAME CONSTRAINT writers_pkey TO authors_pkey;
ALTER TABLE public.writers RENAME TO authors;
