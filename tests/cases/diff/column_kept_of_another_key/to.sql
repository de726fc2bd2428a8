CREATE TABLE books (isbn text NOT NULL, CONSTRAINT books_isbn PRIMARY KEY (isbn));
