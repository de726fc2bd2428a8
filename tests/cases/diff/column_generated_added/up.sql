-- part 1
-- hazard: Rewrite: column public.books.double: every row is written anew while nobody gets at the table
ALTER TABLE public.books ADD COLUMN double integer GENERATED ALWAYS AS ((pages * 2)) STORED;
