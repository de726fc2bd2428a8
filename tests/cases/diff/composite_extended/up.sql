-- part 1
ALTER TYPE public.place ADD ATTRIBUTE number integer;
COMMENT ON COLUMN public.place.number IS 'n';
