CREATE TABLE t (id int NOT NULL, c int NOT NULL, PRIMARY KEY (id, c));
