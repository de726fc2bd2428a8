-- part 1
ALTER TABLE public.books RENAME COLUMN name TO title;
ALTER TABLE public.books RENAME COLUMN writer TO author;
