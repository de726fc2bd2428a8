-- part 1
-- the values of public.books.number can't come back
ALTER TABLE public.books ADD COLUMN number integer NOT NULL GENERATED ALWAYS AS IDENTITY;
