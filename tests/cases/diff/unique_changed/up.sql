-- part 1
ALTER TABLE public.books DROP CONSTRAINT u;
-- part 2, outside of a transaction
-- hazard: MayFail: constraint u on public.books: it fails where rows have the same values
CREATE UNIQUE INDEX CONCURRENTLY u ON public.books USING btree (title, pages);
ALTER TABLE public.books ADD CONSTRAINT u UNIQUE USING INDEX u;
