-- part 1
CREATE INDEX events_at_idx ON ONLY public.events USING btree (at);
-- part 2, outside of a transaction
CREATE INDEX CONCURRENTLY events_1_at_idx ON public.events_1 USING btree (at);
CREATE INDEX CONCURRENTLY events_2_at_idx ON public.events_2 USING btree (at);
-- part 3
ALTER INDEX public.events_at_idx ATTACH PARTITION public.events_1_at_idx;
ALTER INDEX public.events_at_idx ATTACH PARTITION public.events_2_at_idx;
