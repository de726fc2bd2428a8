CREATE TABLE authors (key int PRIMARY KEY);
CREATE TABLE books (id int PRIMARY KEY, author int REFERENCES authors);
