-- part 1
-- hazard: MayFail: column public.t.n: it fails where a value has no place in the new type
-- hazard: Rewrite: column public.t.n: every row is written anew while nobody gets at the table
ALTER DOMAIN public.number RENAME TO number_old;
CREATE DOMAIN public.number AS bigint
    CONSTRAINT number_check CHECK ((VALUE > 0));
ALTER TABLE public.t ALTER COLUMN n TYPE public.number USING n::text::public.number;
DROP DOMAIN public.number_old;
