-- part 1
ALTER TABLE public.books
    DROP CONSTRAINT positive,
    ADD CONSTRAINT positive CHECK ((pages > 0)) NOT VALID;
