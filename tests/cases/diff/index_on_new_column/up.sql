-- part 1
ALTER TABLE public.books ADD COLUMN isbn text;
-- part 2, outside of a transaction
CREATE INDEX CONCURRENTLY books_isbn_idx ON public.books USING btree (isbn);
