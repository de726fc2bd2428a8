-- part 1
ALTER TYPE public.mood RENAME TO feeling;
