-- part 1
ALTER TABLE public.books
    ADD COLUMN author integer,
    ADD CONSTRAINT books_author_fkey FOREIGN KEY (author) REFERENCES public.authors(id) NOT VALID;
-- part 2
-- hazard: MayFail: constraint books_author_fkey on public.books: it fails where rows break it
ALTER TABLE public.books VALIDATE CONSTRAINT books_author_fkey;
