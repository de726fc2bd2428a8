-- part 1
DROP VIEW public.w;
DROP VIEW public.v;
ALTER TABLE public.books ALTER COLUMN pages TYPE integer;
CREATE VIEW public.v AS
 SELECT books.pages
   FROM public.books;
GRANT SELECT ON TABLE public.v TO case_alice;
COMMENT ON VIEW public.v IS 'pages';
COMMENT ON COLUMN public.v.pages IS 'p';
CREATE VIEW public.w AS
 SELECT (v.pages + 1) AS more
   FROM public.v;
