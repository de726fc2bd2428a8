-- part 1
DROP SEQUENCE public.s;
