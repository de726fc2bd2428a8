-- part 1
DROP INDEX public.events_at_idx;
