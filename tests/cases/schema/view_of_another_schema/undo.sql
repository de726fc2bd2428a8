CREATE OR REPLACE VIEW public.v AS SELECT id FROM public.books;
SET search_path = public;
