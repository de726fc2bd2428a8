-- part 2
-- part 1
ALTER TABLE public.books DROP CONSTRAINT positive;
