CREATE TABLE authors (id int PRIMARY KEY, mail text UNIQUE);
CREATE TABLE books (id int PRIMARY KEY, mail text REFERENCES authors (mail));
