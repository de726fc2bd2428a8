-- part 1
DROP VIEW public.w;
DROP VIEW public.v;
CREATE VIEW public.v AS
 SELECT books.id,
    books.pages,
    books.title
   FROM public.books;
CREATE VIEW public.w AS
 SELECT v.id
   FROM public.v;
GRANT SELECT ON TABLE public.w TO case_alice;
