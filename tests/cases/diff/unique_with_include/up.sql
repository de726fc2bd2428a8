-- part 1, outside of a transaction
-- hazard: MayFail: constraint books_title_pages_key on public.books: it fails where rows have the same values
CREATE UNIQUE INDEX CONCURRENTLY books_title_pages_key ON public.books USING btree (title) INCLUDE (pages);
ALTER TABLE public.books ADD CONSTRAINT books_title_pages_key UNIQUE USING INDEX books_title_pages_key;
