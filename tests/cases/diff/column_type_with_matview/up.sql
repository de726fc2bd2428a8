-- part 1
-- hazard: Rewrite: column public.books.pages: every row is written anew while nobody gets at the table
DROP MATERIALIZED VIEW public.m;
ALTER TABLE public.books ALTER COLUMN pages TYPE bigint;
CREATE MATERIALIZED VIEW public.m AS
 SELECT books.id,
    books.pages
   FROM public.books;
CREATE UNIQUE INDEX m_id_idx ON public.m USING btree (id);
