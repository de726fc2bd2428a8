-- part 1
DROP TYPE public.place;
CREATE TYPE public.place AS (
    street text,
    number integer
);
