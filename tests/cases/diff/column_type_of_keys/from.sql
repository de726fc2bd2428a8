CREATE TABLE authors (id int PRIMARY KEY);
CREATE TABLE books (id serial PRIMARY KEY, author int REFERENCES authors);
