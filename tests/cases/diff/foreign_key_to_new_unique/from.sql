CREATE TABLE authors (id int PRIMARY KEY, mail text);
CREATE TABLE books (id int PRIMARY KEY, mail text);
