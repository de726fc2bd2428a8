-- part 1
DROP TYPE public.span;
