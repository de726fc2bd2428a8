-- part 3
-- part 2, outside of a transaction
-- part 1
DROP INDEX public.events_at_idx;
