-- part 1, outside of a transaction
CREATE INDEX CONCURRENTLY books_title_idx ON public.books USING btree (title);
