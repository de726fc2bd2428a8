-- part 1, outside of a transaction
-- hazard: MayFail: constraint authors_mail_key on public.authors: it fails where rows have the same values
CREATE UNIQUE INDEX CONCURRENTLY authors_mail_key ON public.authors USING btree (mail);
ALTER TABLE public.authors ADD CONSTRAINT authors_mail_key UNIQUE USING INDEX authors_mail_key;
-- part 2
ALTER TABLE public.books ADD CONSTRAINT books_mail_fkey FOREIGN KEY (mail) REFERENCES public.authors(mail) NOT VALID;
-- part 3
-- hazard: MayFail: constraint books_mail_fkey on public.books: it fails where rows break it
ALTER TABLE public.books VALIDATE CONSTRAINT books_mail_fkey;
