CREATE TABLE books (id int PRIMARY KEY, title text, pages int, n int DEFAULT 0);
CREATE SEQUENCE s OWNED BY books.n;
