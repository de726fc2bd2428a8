-- part 1
-- the rows of public.authors can't come back
CREATE TABLE public.authors (
    id integer NOT NULL,
    CONSTRAINT authors_pkey PRIMARY KEY (id)
);
ALTER TABLE public.books ADD CONSTRAINT books_author_fkey FOREIGN KEY (author) REFERENCES public.authors(id);
