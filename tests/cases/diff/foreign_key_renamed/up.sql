-- part 1
ALTER TABLE public.books RENAME CONSTRAINT books_author_fkey TO fk_books_author;
