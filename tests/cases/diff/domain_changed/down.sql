-- part 1
ALTER DOMAIN public.email DROP DEFAULT;
ALTER DOMAIN public.email DROP NOT NULL;
