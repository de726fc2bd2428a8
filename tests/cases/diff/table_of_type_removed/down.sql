-- part 1
-- the rows of public.places can't come back
CREATE TABLE public.places OF public.place;
