-- part 1
ALTER TABLE public.books RENAME COLUMN title TO name;
DROP VIEW public.v;
CREATE VIEW public.v AS
 SELECT books.id,
    books.name
   FROM public.books
  WHERE (books.name <> ''::text);
