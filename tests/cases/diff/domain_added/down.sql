-- part 1
DROP DOMAIN public.email;
