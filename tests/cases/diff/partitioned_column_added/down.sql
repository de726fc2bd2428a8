-- part 1
ALTER TABLE public.events DROP COLUMN more;
