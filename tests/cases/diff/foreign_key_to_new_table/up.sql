-- part 1
CREATE TABLE public.authors (
    id integer NOT NULL,
    CONSTRAINT authors_pkey PRIMARY KEY (id)
);
ALTER TABLE public.books ADD CONSTRAINT books_author_fkey FOREIGN KEY (author) REFERENCES public.authors(id) NOT VALID;
-- part 2
-- hazard: MayFail: constraint books_author_fkey on public.books: it fails where rows break it
ALTER TABLE public.books VALIDATE CONSTRAINT books_author_fkey;
