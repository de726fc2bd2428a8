-- part 1
ALTER TABLE public.books RESET (autovacuum_enabled, fillfactor, toast.autovacuum_enabled);
