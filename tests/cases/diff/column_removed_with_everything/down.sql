-- part 1
-- the values of public.books.isbn can't come back
ALTER TABLE public.books ADD COLUMN isbn text COLLATE "C" NOT NULL DEFAULT 'x'::text;
GRANT SELECT (isbn) ON TABLE public.books TO case_alice;
COMMENT ON COLUMN public.books.isbn IS 'number';
ALTER TABLE public.books
    ADD CONSTRAINT books_isbn_key UNIQUE (isbn),
    ADD CONSTRAINT books_isbn_check CHECK ((isbn <> ''::text));
CREATE INDEX books_isbn_pages_idx ON public.books USING btree (isbn, pages);
