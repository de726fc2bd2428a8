-- part 1
-- hazard: DataLoss: table shop.books: its rows are lost
DROP TABLE shop.books;
DROP SCHEMA shop;
