-- kept: public.books.id
-- note: public.books.id stays and is NOT NULL without a default: new rows that don't name it are refused
-- part 1
ALTER TABLE public.books DROP CONSTRAINT books_pkey;
-- part 2, outside of a transaction
-- hazard: MayFail: constraint books_isbn on public.books: it fails where rows have the same values
CREATE UNIQUE INDEX CONCURRENTLY books_isbn ON public.books USING btree (isbn);
ALTER TABLE public.books ADD CONSTRAINT books_isbn PRIMARY KEY USING INDEX books_isbn;
