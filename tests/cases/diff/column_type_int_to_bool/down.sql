-- part 1
ALTER TABLE public.t ALTER COLUMN c TYPE bigint USING c::integer::bigint;
