-- part 1
ALTER TABLE public.books
    ALTER COLUMN title SET STORAGE EXTENDED,
    ALTER COLUMN title SET STATISTICS -1,
    ALTER COLUMN title RESET (n_distinct);
