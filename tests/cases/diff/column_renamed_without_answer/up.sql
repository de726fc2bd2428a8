-- question: column public.books.title (text) to public.books.name (text)?
-- kept: public.books.title
-- part 1
ALTER TABLE public.books ADD COLUMN name text;
