-- part 1
ALTER TABLE public.t
    ALTER COLUMN d TYPE character varying(5) COLLATE "C",
    ALTER COLUMN c TYPE text;
