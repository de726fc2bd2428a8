-- part 1
ALTER DOMAIN public.number RENAME TO number_old;
CREATE DOMAIN public.number AS integer
    CONSTRAINT number_check CHECK ((VALUE > 0));
ALTER TABLE public.t ALTER COLUMN n TYPE public.number USING n::text::public.number;
DROP DOMAIN public.number_old;
