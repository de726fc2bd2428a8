CREATE TABLE t (id int, c date);
