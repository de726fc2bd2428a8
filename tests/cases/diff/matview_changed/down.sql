-- part 1
DROP MATERIALIZED VIEW public.m;
CREATE MATERIALIZED VIEW public.m AS
 SELECT books.id
   FROM public.books;
CREATE UNIQUE INDEX m_id_idx ON public.m USING btree (id);
