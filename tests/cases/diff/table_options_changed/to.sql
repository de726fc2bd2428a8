CREATE TABLE books (id int PRIMARY KEY, title text, pages int) WITH (fillfactor = 80, parallel_workers = 2);
