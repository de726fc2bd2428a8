CREATE TABLE t (id int NOT NULL, c int);
