CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
ALTER TABLE books REPLICA IDENTITY USING INDEX books_pkey;
