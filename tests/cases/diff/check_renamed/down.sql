-- part 1
ALTER TABLE public.books RENAME CONSTRAINT ck_books_pages TO positive;
