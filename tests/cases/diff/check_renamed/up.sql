-- part 1
ALTER TABLE public.books RENAME CONSTRAINT positive TO ck_books_pages;
