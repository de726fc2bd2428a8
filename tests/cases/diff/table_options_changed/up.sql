-- part 1
ALTER TABLE public.books
    RESET (autovacuum_enabled),
    SET (fillfactor=80, parallel_workers=2);
