CREATE TABLE books (id int PRIMARY KEY, title text, pages int, double int GENERATED ALWAYS AS (pages * 2) STORED);
