-- part 1
ALTER SEQUENCE public.numbers RENAME TO s;
