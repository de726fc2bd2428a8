-- part 1
-- hazard: DataLoss: table public.books: its rows are lost
DROP TABLE public.books;
