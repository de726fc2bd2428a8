-- part 1
CREATE SCHEMA shop;
-- the rows of shop.books can't come back
CREATE TABLE shop.books (
    id integer NOT NULL,
    CONSTRAINT books_pkey PRIMARY KEY (id)
);
