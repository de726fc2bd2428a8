-- part 1
ALTER TABLE public.a DROP CONSTRAINT a_b_fkey;
DROP TABLE public.b;
DROP TABLE public.a;
