-- part 1
DROP VIEW public.v;
ALTER TABLE public.books ADD COLUMN isbn text;
CREATE VIEW public.v AS
 SELECT books.id,
    books.isbn
   FROM public.books;
