-- part 1
DROP RULE r ON public.books;
CREATE RULE r AS
    ON UPDATE TO public.books DO INSTEAD NOTHING;
ALTER TABLE public.books DISABLE RULE r;
