-- part 1
ALTER TABLE public.books ALTER COLUMN double DROP EXPRESSION;
