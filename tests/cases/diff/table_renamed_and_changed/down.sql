-- part 2
ALTER TABLE public.tomes
    ALTER COLUMN title DROP NOT NULL,
    ADD CONSTRAINT tomes_title_not_null CHECK (title IS NOT NULL) NOT VALID;
-- part 1
ALTER TABLE public.tomes
    ALTER COLUMN pages TYPE integer,
    DROP CONSTRAINT tomes_title_not_null,
    ALTER COLUMN title DROP DEFAULT,
    DROP COLUMN extra;
ALTER TABLE public.tomes RENAME CONSTRAINT tomes_pkey TO books_pkey;
ALTER TABLE public.tomes RENAME TO books;
