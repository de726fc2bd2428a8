-- question: table public.books (id integer, title text, pages integer) to public.tomes (id integer, title text, pages integer)?
-- retired: public.books
-- part 1
CREATE TABLE public.tomes (
    id integer NOT NULL,
    title text,
    pages integer,
    CONSTRAINT tomes_pkey PRIMARY KEY (id)
);
