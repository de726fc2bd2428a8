-- part 1
ALTER TABLE public.books REPLICA IDENTITY USING INDEX books_pkey;
