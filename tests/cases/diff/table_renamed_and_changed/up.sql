-- part 1
-- hazard: Rewrite: column public.tomes.pages: every row is written anew while nobody gets at the table
ALTER TABLE public.books RENAME TO tomes;
ALTER TABLE public.tomes RENAME CONSTRAINT books_pkey TO tomes_pkey;
ALTER TABLE public.tomes
    ADD COLUMN extra integer,
    ALTER COLUMN title SET DEFAULT ''::text,
    ADD CONSTRAINT tomes_title_not_null CHECK (title IS NOT NULL) NOT VALID;
-- which rows had no value is not known any more after this
UPDATE public.tomes SET title = '' WHERE title IS NULL;
ALTER TABLE public.tomes ALTER COLUMN pages TYPE bigint;
-- part 2
ALTER TABLE public.tomes VALIDATE CONSTRAINT tomes_title_not_null;
ALTER TABLE public.tomes
    ALTER COLUMN title SET NOT NULL,
    DROP CONSTRAINT tomes_title_not_null;
