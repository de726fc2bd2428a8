-- part 1
ALTER VIEW public.v ALTER COLUMN id SET DEFAULT 5;
COMMENT ON COLUMN public.v.id IS 'i';
