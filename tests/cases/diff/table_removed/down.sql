-- part 1
-- the rows of public.books can't come back
CREATE TABLE public.books (
    id integer NOT NULL,
    title text,
    pages integer,
    CONSTRAINT books_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE public.books IS 'paper';
CREATE INDEX books_title_idx ON public.books USING btree (title);
