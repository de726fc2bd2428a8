-- part 1, outside of a transaction
-- hazard: MayFail: index public.books_lower_pages_id_idx: it fails where rows have the same values
CREATE UNIQUE INDEX CONCURRENTLY books_lower_pages_id_idx ON public.books USING btree (lower(title), pages DESC) INCLUDE (id) WHERE (pages > 0);
COMMENT ON INDEX public.books_lower_pages_id_idx IS 'x';
