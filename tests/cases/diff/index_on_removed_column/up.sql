-- part 1
-- hazard: DataLoss: column public.books.isbn: its values are lost
DROP INDEX public.books_isbn_pages_idx;
ALTER TABLE public.books DROP COLUMN isbn;
