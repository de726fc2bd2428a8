-- part 1
ALTER SEQUENCE public.s RENAME TO numbers;
