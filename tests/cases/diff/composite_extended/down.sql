-- part 1
ALTER TYPE public.place DROP ATTRIBUTE number;
