-- question: table public.books (id integer, title text, pages integer) to shop.books (id integer, title text, pages integer)?
-- retired: public.books
-- part 1
CREATE SCHEMA shop;
CREATE TABLE shop.books (
    id integer NOT NULL,
    title text,
    pages integer,
    CONSTRAINT books_pkey PRIMARY KEY (id)
);
