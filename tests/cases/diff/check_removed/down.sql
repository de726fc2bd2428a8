-- part 1
ALTER TABLE public.books ADD CONSTRAINT positive CHECK ((pages > 0));
