-- part 1
DROP TABLE public.books;
CREATE VIEW public.books AS
 SELECT 1 AS id;
