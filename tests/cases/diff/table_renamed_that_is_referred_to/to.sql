CREATE TABLE writers (id int PRIMARY KEY);
CREATE TABLE books (id int PRIMARY KEY, author int REFERENCES writers);
