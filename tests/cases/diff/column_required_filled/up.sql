-- part 1
ALTER TABLE public.books
    ALTER COLUMN pages SET DEFAULT 0,
    ADD CONSTRAINT books_pages_not_null CHECK (pages IS NOT NULL) NOT VALID;
-- which rows had no value is not known any more after this
UPDATE public.books SET pages = 0 WHERE pages IS NULL;
-- part 2
ALTER TABLE public.books VALIDATE CONSTRAINT books_pages_not_null;
ALTER TABLE public.books
    ALTER COLUMN pages SET NOT NULL,
    DROP CONSTRAINT books_pages_not_null;
