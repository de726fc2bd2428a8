-- part 2
ALTER TABLE public.books
    ALTER COLUMN pages DROP NOT NULL,
    ADD CONSTRAINT books_pages_not_null CHECK (pages IS NOT NULL) NOT VALID;
-- part 1
ALTER TABLE public.books DROP CONSTRAINT books_pages_not_null;
