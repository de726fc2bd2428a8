CREATE TABLE t (id int, c numeric(8, 2));
