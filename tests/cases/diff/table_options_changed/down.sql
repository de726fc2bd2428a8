-- part 1
ALTER TABLE public.books
    RESET (parallel_workers),
    SET (autovacuum_enabled=false, fillfactor=70);
