CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, pages int);
CREATE TABLE loans (id bigint PRIMARY KEY, book bigint);
ALTER TABLE loans ADD FOREIGN KEY (book) REFERENCES books;
