-- part 1
ALTER TABLE public.books
    ALTER COLUMN title SET STORAGE MAIN,
    ALTER COLUMN title SET STATISTICS 5,
    ALTER COLUMN title SET (n_distinct=3);
