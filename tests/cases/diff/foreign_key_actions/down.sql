-- part 2
-- part 1
ALTER TABLE public.books
    DROP CONSTRAINT books_author_fkey,
    ADD CONSTRAINT books_author_fkey FOREIGN KEY (author) REFERENCES public.authors(id);
