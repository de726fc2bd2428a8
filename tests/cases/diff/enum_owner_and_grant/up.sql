-- part 1
ALTER TYPE public.mood OWNER TO case_alice;
GRANT USAGE ON TYPE public.mood TO "Case Bob";
