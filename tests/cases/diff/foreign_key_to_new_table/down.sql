-- part 2
-- part 1
ALTER TABLE public.books DROP CONSTRAINT books_author_fkey;
DROP TABLE public.authors;
