ALTER TABLE books ALTER title SET STATISTICS -1;
ALTER TABLE books ALTER title RESET (n_distinct);
