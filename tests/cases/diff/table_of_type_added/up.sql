-- part 1
CREATE TABLE public.places OF public.place;
