-- part 1
-- hazard: DataLoss: table public.authors: its rows are lost
ALTER TABLE public.books DROP CONSTRAINT books_author_fkey;
DROP TABLE public.authors;
