-- part 1
ALTER TYPE public.mood OWNER TO CURRENT_USER;
REVOKE USAGE ON TYPE public.mood FROM "Case Bob";
