-- part 1
-- hazard: Rewrite: column public.books.id: every row is written anew while nobody gets at the table
ALTER TABLE public.books RENAME COLUMN title TO name;
ALTER TABLE public.books
    ADD COLUMN a integer,
    ADD COLUMN b text DEFAULT 'x'::text,
    ADD COLUMN c date,
    ALTER COLUMN id TYPE bigint,
    ALTER COLUMN pages SET DEFAULT 5;
-- part 2, outside of a transaction
CREATE INDEX CONCURRENTLY books_name_idx ON public.books USING btree (name);
