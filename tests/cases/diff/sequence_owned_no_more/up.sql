-- part 1
ALTER SEQUENCE public.s OWNED BY NONE;
GRANT USAGE ON SEQUENCE public.s TO case_alice;
