-- part 1
CREATE VIEW public.z AS
 SELECT books.id
   FROM public.books;
CREATE VIEW public.a AS
 SELECT z.id
   FROM public.z;
CREATE VIEW public.m AS
 SELECT a.id
   FROM (public.a
     JOIN public.z USING (id));
