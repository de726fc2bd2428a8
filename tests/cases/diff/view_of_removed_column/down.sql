-- part 1
DROP VIEW public.v;
-- the values of public.books.pages can't come back
ALTER TABLE public.books ADD COLUMN pages integer;
CREATE VIEW public.v AS
 SELECT books.id,
    books.pages
   FROM public.books;
