-- part 1
DROP VIEW public.v;
CREATE VIEW public.v (id, title) AS
 SELECT books.id,
    books.name
   FROM public.books
  WHERE (books.name <> ''::text);
ALTER TABLE public.books RENAME COLUMN name TO title;
