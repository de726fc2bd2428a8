-- part 1
CREATE SEQUENCE public.s;
ALTER TABLE public.books ALTER COLUMN pages SET DEFAULT nextval('public.s'::regclass);
