CREATE TABLE t (id int, c json);
