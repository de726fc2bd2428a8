-- part 1
DROP TABLE shop.books;
DROP SCHEMA shop;
