-- part 7
-- part 6
ALTER TABLE public.books DROP CONSTRAINT books_owner_fkey;
-- part 5, outside of a transaction
ALTER TABLE public.people DROP CONSTRAINT people_pkey;
-- part 4
DROP VIEW public.v;
ALTER TABLE public.people
    ALTER COLUMN m DROP NOT NULL,
    ADD CONSTRAINT people_m_not_null CHECK (m IS NOT NULL) NOT VALID,
    ALTER COLUMN id DROP NOT NULL,
    ADD CONSTRAINT people_id_not_null CHECK (id IS NOT NULL) NOT VALID;
-- part 3, outside of a transaction
DROP INDEX CONCURRENTLY public.books_owner_idx;
-- part 2
ALTER TABLE public.people
    DROP CONSTRAINT people_m_not_null,
    ALTER COLUMN m DROP DEFAULT,
    DROP CONSTRAINT people_id_not_null,
    ALTER COLUMN id TYPE integer;
-- the values of public.books.pages can't come back
ALTER TABLE public.books
    ALTER COLUMN title TYPE text,
    DROP COLUMN owner,
    ADD COLUMN pages integer;
CREATE VIEW public.v AS
 SELECT books.title,
    people.m
   FROM public.books,
    public.people;
-- part 1
-- fails while a row has a label that goes
DROP VIEW public.v;
ALTER TYPE public.mood RENAME TO mood_old;
CREATE TYPE public.mood AS ENUM ('a', 'b');
ALTER TABLE public.people ALTER COLUMN m TYPE public.mood USING m::text::public.mood;
DROP TYPE public.mood_old;
CREATE VIEW public.v AS
 SELECT books.title,
    people.m
   FROM public.books,
    public.people;
