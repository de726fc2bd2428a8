-- part 1
CREATE MATERIALIZED VIEW public.m AS
 SELECT books.id,
    books.title
   FROM public.books;
COMMENT ON MATERIALIZED VIEW public.m IS 'x';
CREATE UNIQUE INDEX m_id_idx ON public.m USING btree (id);
