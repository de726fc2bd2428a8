CREATE TABLE t (id int, c boolean);
