-- part 1
ALTER TYPE public.place RENAME TO place_old;
CREATE TYPE public.place AS (
    street text,
    number integer,
    more text
);
ALTER TABLE public.t ALTER COLUMN p TYPE public.place USING CASE WHEN p IS NOT DISTINCT FROM NULL THEN NULL ELSE ROW((p).street, (p).number, NULL)::public.place END;
DROP TYPE public.place_old;
