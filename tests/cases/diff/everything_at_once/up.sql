-- question: column public.books.pages (integer) to public.books.owner (bigint)?
-- note: rows where public.people.id is null make it fail; give them a value first: UPDATE public.people SET id = … WHERE id IS NULL
-- part 1
ALTER TYPE public.mood ADD VALUE 'c';
-- part 2
-- hazard: DataLoss: column public.books.pages: its values are lost
-- hazard: MayFail: column public.books.title: it fails where a value has no place in the new type
-- hazard: Rewrite: column public.books.title: every row is written anew while nobody gets at the table
-- hazard: Rewrite: column public.people.id: every row is written anew while nobody gets at the table
DROP VIEW public.v;
ALTER TABLE public.books
    DROP COLUMN pages,
    ADD COLUMN owner bigint,
    ALTER COLUMN title TYPE character varying(50);
ALTER TABLE public.people
    ALTER COLUMN id TYPE bigint,
    ADD CONSTRAINT people_id_not_null CHECK (id IS NOT NULL) NOT VALID,
    ALTER COLUMN m SET DEFAULT 'c'::public.mood,
    ADD CONSTRAINT people_m_not_null CHECK (m IS NOT NULL) NOT VALID;
-- which rows had no value is not known any more after this
UPDATE public.people SET m = 'a' WHERE m IS NULL;
-- part 3, outside of a transaction
CREATE INDEX CONCURRENTLY books_owner_idx ON public.books USING btree (owner);
-- part 4
-- hazard: MayFail: column public.people.id: it fails where a value is null
ALTER TABLE public.people VALIDATE CONSTRAINT people_id_not_null;
ALTER TABLE public.people
    ALTER COLUMN id SET NOT NULL,
    DROP CONSTRAINT people_id_not_null;
ALTER TABLE public.people VALIDATE CONSTRAINT people_m_not_null;
ALTER TABLE public.people
    ALTER COLUMN m SET NOT NULL,
    DROP CONSTRAINT people_m_not_null;
CREATE VIEW public.v AS
 SELECT books.title,
    people.m
   FROM public.books,
    public.people
  WHERE (books.owner = people.id);
-- part 5, outside of a transaction
-- hazard: MayFail: constraint people_pkey on public.people: it fails where rows have the same values
CREATE UNIQUE INDEX CONCURRENTLY people_pkey ON public.people USING btree (id);
ALTER TABLE public.people ADD CONSTRAINT people_pkey PRIMARY KEY USING INDEX people_pkey;
-- part 6
ALTER TABLE public.books ADD CONSTRAINT books_owner_fkey FOREIGN KEY (owner) REFERENCES public.people(id) NOT VALID;
-- part 7
-- hazard: MayFail: constraint books_owner_fkey on public.books: it fails where rows break it
ALTER TABLE public.books VALIDATE CONSTRAINT books_owner_fkey;
