-- part 3
-- part 2
ALTER TABLE public.books DROP CONSTRAINT books_mail_fkey;
-- part 1, outside of a transaction
ALTER TABLE public.authors DROP CONSTRAINT authors_mail_key;
