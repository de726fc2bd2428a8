CREATE TABLE t (c text, d varchar(5) COLLATE "C");
