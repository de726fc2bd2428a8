-- part 1
-- hazard: Rewrite: column public.books.pages: every row is written anew while nobody gets at the table
ALTER TABLE public.books
    ADD COLUMN isbn text,
    ALTER COLUMN title SET DEFAULT 'x'::text,
    ALTER COLUMN pages TYPE bigint;
