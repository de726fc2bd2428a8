-- part 1
ALTER TABLE public.books SET (autovacuum_enabled=false, fillfactor=70, toast.autovacuum_enabled=false);
