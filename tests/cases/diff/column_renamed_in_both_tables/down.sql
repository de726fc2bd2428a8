-- part 1
ALTER TABLE public.authors RENAME COLUMN key TO id;
