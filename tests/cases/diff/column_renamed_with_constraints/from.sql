CREATE TABLE authors (id int PRIMARY KEY);
CREATE TABLE books (id int PRIMARY KEY, author int NOT NULL REFERENCES authors, title text CONSTRAINT short CHECK (length(title) < 9), UNIQUE (author, title));
