-- part 4
-- part 3
ALTER TABLE public.b DROP CONSTRAINT b_a_fkey;
-- part 2, outside of a transaction
ALTER TABLE public.a
    DROP CONSTRAINT a_pkey,
    DROP CONSTRAINT a_id_key;
-- part 1
ALTER TABLE public.a ADD CONSTRAINT a_pkey PRIMARY KEY (id);
ALTER TABLE public.b ADD CONSTRAINT b_a_fkey FOREIGN KEY (a) REFERENCES public.a(id);
