-- part 1
ALTER DOMAIN public.email SET DEFAULT 'x'::text;
ALTER DOMAIN public.email SET NOT NULL;
