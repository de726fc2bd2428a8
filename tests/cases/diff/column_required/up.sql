-- note: rows where public.books.pages is null make it fail; give them a value first: UPDATE public.books SET pages = … WHERE pages IS NULL
-- part 1
ALTER TABLE public.books ADD CONSTRAINT books_pages_not_null CHECK (pages IS NOT NULL) NOT VALID;
-- part 2
-- hazard: MayFail: column public.books.pages: it fails where a value is null
ALTER TABLE public.books VALIDATE CONSTRAINT books_pages_not_null;
ALTER TABLE public.books
    ALTER COLUMN pages SET NOT NULL,
    DROP CONSTRAINT books_pages_not_null;
