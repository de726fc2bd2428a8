-- part 1
ALTER TABLE public.books RENAME COLUMN author TO writer;
ALTER TABLE public.books RENAME COLUMN title TO name;
