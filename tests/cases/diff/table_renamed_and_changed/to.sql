CREATE TABLE tomes (id int PRIMARY KEY, title text NOT NULL DEFAULT '', pages bigint, extra int);
