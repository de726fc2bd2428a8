ALTER TABLE books RESET (fillfactor);
