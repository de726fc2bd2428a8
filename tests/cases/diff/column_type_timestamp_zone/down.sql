-- part 1
ALTER TABLE public.t ALTER COLUMN c TYPE timestamp without time zone;
