-- part 1
CREATE TYPE public.place AS (
    street text COLLATE "C",
    number integer
);
COMMENT ON COLUMN public.place.street IS 's';
