-- part 1, outside of a transaction
-- hazard: MayFail: constraint books_title_key on public.books: it fails where rows have the same values
CREATE UNIQUE INDEX CONCURRENTLY books_title_key ON public.books USING btree (title) NULLS NOT DISTINCT;
ALTER TABLE public.books ADD CONSTRAINT books_title_key UNIQUE USING INDEX books_title_key;
