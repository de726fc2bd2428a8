-- part 2, outside of a transaction
ALTER TABLE public.books DROP CONSTRAINT u;
-- part 1
ALTER TABLE public.books ADD CONSTRAINT u UNIQUE (title);
