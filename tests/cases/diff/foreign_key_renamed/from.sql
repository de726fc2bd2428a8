CREATE TABLE authors (id int PRIMARY KEY);
CREATE TABLE books (id int PRIMARY KEY, author int);
ALTER TABLE books ADD FOREIGN KEY (author) REFERENCES authors;
