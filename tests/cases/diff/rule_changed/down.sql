-- part 1
DROP RULE r ON public.books;
CREATE RULE r AS
    ON DELETE TO public.books DO INSTEAD NOTHING;
