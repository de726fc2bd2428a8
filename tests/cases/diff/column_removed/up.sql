-- part 1
-- hazard: DataLoss: column public.books.isbn: its values are lost
ALTER TABLE public.books DROP COLUMN isbn;
