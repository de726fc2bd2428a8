-- part 1
-- hazard: Blocks: table public.events_1: every row is held against the bounds of the partition
ALTER TABLE public.events DETACH PARTITION public.events_1;
ALTER TABLE public.events ATTACH PARTITION public.events_1 FOR VALUES FROM ('2026-01-01') TO ('2028-01-01');
