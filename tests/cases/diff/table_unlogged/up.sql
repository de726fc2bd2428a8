-- part 1
-- hazard: Rewrite: table public.books: every row is written anew while nobody gets at the table
ALTER TABLE public.books SET UNLOGGED;
