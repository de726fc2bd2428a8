-- part 1
CREATE OR REPLACE VIEW public.v AS
 SELECT books.id,
    books.title
   FROM public.books
  WHERE (books.pages > 1);
