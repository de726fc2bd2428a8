-- part 1
ALTER TABLE public.authors RENAME COLUMN id TO key;
