-- note: public.books.isbn is NOT NULL and has no default: give the rows that are there a value, or add the column without NOT NULL first
-- part 1
-- hazard: MayFail: column public.books.isbn: it fails if the table has rows, which have no value for it
ALTER TABLE public.books ADD COLUMN isbn text NOT NULL;
