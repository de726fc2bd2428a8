-- part 1
ALTER TABLE public.books ADD CONSTRAINT positive CHECK ((pages > 0)) NOT VALID;
-- part 2
-- hazard: MayFail: constraint positive on public.books: it fails where rows break it
ALTER TABLE public.books VALIDATE CONSTRAINT positive;
