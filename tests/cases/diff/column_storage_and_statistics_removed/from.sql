CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
ALTER TABLE books ALTER title SET STORAGE MAIN, ALTER title SET STATISTICS 5, ALTER title SET (n_distinct = 3);
