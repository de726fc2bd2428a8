CREATE TABLE t (c text COLLATE "C", d text);
