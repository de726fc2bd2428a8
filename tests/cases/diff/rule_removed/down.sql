-- part 1
CREATE RULE r AS
    ON DELETE TO public.books DO INSTEAD NOTHING;
COMMENT ON RULE r ON public.books IS 'r';
