-- part 1
DROP MATERIALIZED VIEW public.m;
ALTER TABLE public.books ALTER COLUMN pages TYPE integer;
CREATE MATERIALIZED VIEW public.m AS
 SELECT books.id,
    books.pages
   FROM public.books;
CREATE UNIQUE INDEX m_id_idx ON public.m USING btree (id);
