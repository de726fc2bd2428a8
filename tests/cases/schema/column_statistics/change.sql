ALTER TABLE books ALTER title SET STATISTICS 500;
ALTER TABLE books ALTER title SET (n_distinct = -0.5);
