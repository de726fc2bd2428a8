-- part 1
ALTER TABLE public.events ADD COLUMN more integer DEFAULT 5;
