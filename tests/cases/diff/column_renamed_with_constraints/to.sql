CREATE TABLE authors (id int PRIMARY KEY);
CREATE TABLE books (id int PRIMARY KEY, writer int NOT NULL CONSTRAINT books_author_fkey REFERENCES authors, name text CONSTRAINT short CHECK (length(name) < 9), CONSTRAINT books_author_title_key UNIQUE (writer, name));
