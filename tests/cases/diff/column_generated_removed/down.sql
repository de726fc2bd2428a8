-- part 1
-- the values of public.books.double can't come back
ALTER TABLE public.books ADD COLUMN double integer GENERATED ALWAYS AS ((pages * 2)) STORED;
