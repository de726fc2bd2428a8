-- part 1
ALTER TABLE public.books
    ADD COLUMN isbn text COLLATE "C" NOT NULL DEFAULT 'x'::text,
    ALTER COLUMN isbn SET STORAGE EXTERNAL,
    ALTER COLUMN isbn SET STATISTICS 10,
    ALTER COLUMN isbn SET (n_distinct=7);
GRANT SELECT (isbn), UPDATE (isbn) ON TABLE public.books TO case_alice;
COMMENT ON COLUMN public.books.isbn IS 'number';
ALTER TABLE public.books ADD CONSTRAINT books_isbn_check CHECK ((isbn <> ''::text)) NOT VALID;
-- part 2, outside of a transaction
-- hazard: MayFail: constraint books_isbn_key on public.books: it fails where rows have the same values
CREATE UNIQUE INDEX CONCURRENTLY books_isbn_key ON public.books USING btree (isbn);
ALTER TABLE public.books ADD CONSTRAINT books_isbn_key UNIQUE USING INDEX books_isbn_key;
-- part 3
-- hazard: MayFail: constraint books_isbn_check on public.books: it fails where rows break it
ALTER TABLE public.books VALIDATE CONSTRAINT books_isbn_check;
