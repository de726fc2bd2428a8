CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE POLICY p ON books USING (pages > 1);
