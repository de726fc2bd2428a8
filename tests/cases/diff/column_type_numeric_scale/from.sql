CREATE TABLE t (id int, c numeric(5, 2));
