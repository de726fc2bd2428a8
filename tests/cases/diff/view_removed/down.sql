-- part 1
CREATE VIEW public.v AS
 SELECT books.id,
    books.title
   FROM public.books;
GRANT SELECT ON TABLE public.v TO case_alice;
COMMENT ON VIEW public.v IS 'x';
COMMENT ON COLUMN public.v.title IS 'y';
