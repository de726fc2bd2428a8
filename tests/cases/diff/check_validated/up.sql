-- part 1
-- hazard: MayFail: constraint positive on public.books: it fails where rows break it
ALTER TABLE public.books VALIDATE CONSTRAINT positive;
