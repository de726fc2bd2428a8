-- part 1
ALTER TABLE public.books RENAME CONSTRAINT fk_books_author TO books_author_fkey;
