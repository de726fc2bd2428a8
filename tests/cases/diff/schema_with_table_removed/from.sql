CREATE SCHEMA shop;
CREATE TABLE shop.books (id int PRIMARY KEY);
