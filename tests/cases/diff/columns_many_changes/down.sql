-- part 2, outside of a transaction
DROP INDEX CONCURRENTLY public.books_name_idx;
-- part 1
ALTER TABLE public.books
    ALTER COLUMN pages DROP DEFAULT,
    ALTER COLUMN id TYPE integer,
    DROP COLUMN c,
    DROP COLUMN b,
    DROP COLUMN a;
ALTER TABLE public.books RENAME COLUMN name TO title;
