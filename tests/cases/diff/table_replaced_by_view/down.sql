-- part 1
DROP VIEW public.books;
-- the rows of public.books can't come back
CREATE TABLE public.books (
    id integer NOT NULL,
    title text,
    pages integer,
    CONSTRAINT books_pkey PRIMARY KEY (id)
);
