-- part 1
-- hazard: Rewrite: column public.books.number: every row is written anew while nobody gets at the table
ALTER TABLE public.books ADD COLUMN number integer NOT NULL GENERATED ALWAYS AS IDENTITY;
