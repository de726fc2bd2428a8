-- part 1
ALTER TYPE public.mood ADD VALUE 'happy';
-- part 2
ALTER TABLE public.people ALTER COLUMN m SET DEFAULT 'happy'::public.mood;
-- part 3, outside of a transaction
CREATE INDEX CONCURRENTLY people_id_idx ON public.people USING btree (id) WHERE (m = 'happy'::public.mood);
