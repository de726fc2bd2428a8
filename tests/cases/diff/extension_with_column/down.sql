-- part 1
DROP TABLE public.people;
DROP EXTENSION citext;
