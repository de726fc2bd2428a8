CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, pages int);
CREATE SCHEMA other;
SET search_path = other, public;
CREATE TABLE other.books (id bigint);
CREATE VIEW public.v AS SELECT id FROM public.books;
