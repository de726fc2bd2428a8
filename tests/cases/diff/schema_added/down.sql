-- part 1
DROP SCHEMA shop;
