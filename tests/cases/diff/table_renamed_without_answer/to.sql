CREATE TABLE tomes (id int PRIMARY KEY, title text, pages int);
