ALTER TABLE books ADD pages int;
