CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
ALTER TABLE books ADD CONSTRAINT positive CHECK (pages >= 0);
