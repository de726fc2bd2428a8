CREATE TABLE books (id int PRIMARY KEY, title text, sheets bigint);
