-- part 1
-- hazard: MayFail: column public.t.p: it fails where a value has no place in the new type
-- hazard: Rewrite: column public.t.p: every row is written anew while nobody gets at the table
ALTER TYPE public.place RENAME TO place_old;
CREATE TYPE public.place AS (
    town text,
    number bigint,
    street text
);
ALTER TABLE public.t ALTER COLUMN p TYPE public.place USING CASE WHEN p IS NOT DISTINCT FROM NULL THEN NULL ELSE ROW(NULL, (p).number, (p).street)::public.place END;
DROP TYPE public.place_old;
