ALTER TABLE books SET (fillfactor = 70, autovacuum_enabled = off, toast.autovacuum_enabled = off);
