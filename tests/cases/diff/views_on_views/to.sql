CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE VIEW z AS SELECT id FROM books;
CREATE VIEW a AS SELECT id FROM z;
CREATE VIEW m AS SELECT a.id FROM a JOIN z USING (id);
