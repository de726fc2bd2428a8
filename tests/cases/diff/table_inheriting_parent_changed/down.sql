-- part 1
ALTER TABLE public.books
    ALTER COLUMN pages TYPE integer,
    ALTER COLUMN title DROP DEFAULT,
    DROP COLUMN isbn;
