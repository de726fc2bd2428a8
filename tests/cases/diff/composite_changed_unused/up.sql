-- part 1
DROP TYPE public.place;
CREATE TYPE public.place AS (
    number integer,
    street text
);
