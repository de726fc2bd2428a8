CREATE TABLE books (id int PRIMARY KEY);
ALTER TABLE books ADD number int;
CREATE SEQUENCE numbers OWNED BY books.number;
