-- part 1
ALTER TABLE public.t ALTER COLUMN c TYPE character varying(20);
