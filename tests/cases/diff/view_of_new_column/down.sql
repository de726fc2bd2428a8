-- part 1
DROP VIEW public.v;
ALTER TABLE public.books DROP COLUMN isbn;
CREATE VIEW public.v AS
 SELECT books.id
   FROM public.books;
