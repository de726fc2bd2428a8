-- part 1
DROP TYPE public.place;
