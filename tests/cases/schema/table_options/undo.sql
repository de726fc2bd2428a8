ALTER TABLE books RESET (fillfactor, autovacuum_enabled, toast.autovacuum_enabled);
