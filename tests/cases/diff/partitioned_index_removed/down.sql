-- part 1
CREATE INDEX events_2_at_idx ON public.events_2 USING btree (at);
CREATE INDEX events_at_idx ON ONLY public.events USING btree (at);
ALTER INDEX public.events_at_idx ATTACH PARTITION public.events_2_at_idx;
CREATE INDEX events_1_at_idx ON public.events_1 USING btree (at);
ALTER INDEX public.events_at_idx ATTACH PARTITION public.events_1_at_idx;
