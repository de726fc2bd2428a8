-- part 1
ALTER TYPE public.feeling RENAME TO mood;
