CREATE TABLE t (id int, c bigint);
