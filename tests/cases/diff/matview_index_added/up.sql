-- part 1, outside of a transaction
CREATE INDEX CONCURRENTLY m_id_idx ON public.m USING btree (id);
