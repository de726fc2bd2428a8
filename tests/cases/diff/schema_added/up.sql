-- part 1
CREATE SCHEMA shop;
