-- part 1
-- hazard: Rewrite: column public.authors.id: every row is written anew while nobody gets at the table
-- hazard: Rewrite: column public.books.author: every row is written anew while nobody gets at the table
-- hazard: Rewrite: column public.books.id: every row is written anew while nobody gets at the table
ALTER SEQUENCE public.books_id_seq AS bigint MAXVALUE 9223372036854775807;
ALTER TABLE public.authors ALTER COLUMN id TYPE bigint;
ALTER TABLE public.books
    ALTER COLUMN id TYPE bigint,
    ALTER COLUMN author TYPE bigint;
