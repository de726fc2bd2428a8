-- part 1, outside of a transaction
CREATE INDEX CONCURRENTLY i_new ON public.books USING btree (title, pages);
DROP INDEX CONCURRENTLY public.i;
ALTER INDEX public.i_new RENAME TO i;
COMMENT ON INDEX public.i IS 'x';
