-- part 1
-- hazard: DataLoss: column public.books.pages: its values are lost
DROP VIEW public.v;
ALTER TABLE public.books DROP COLUMN pages;
CREATE VIEW public.v AS
 SELECT books.id
   FROM public.books;
