-- part 1
-- the values of public.books.isbn can't come back
ALTER TABLE public.books ADD COLUMN isbn text;
CREATE INDEX books_isbn_pages_idx ON public.books USING btree (isbn, pages);
