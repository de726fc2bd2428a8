-- part 1
-- functions may speak of what is made after them
SET LOCAL check_function_bodies = off;
CREATE FUNCTION public.f()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NEW; END$function$;
-- the rows of public.books can't come back
CREATE TABLE public.books (
    id integer NOT NULL,
    title text,
    pages integer,
    CONSTRAINT books_pkey PRIMARY KEY (id)
);
GRANT SELECT (title) ON TABLE public.books TO case_alice;
COMMENT ON COLUMN public.books.title IS 'name';
CREATE STATISTICS public.s ON title, pages FROM public.books;
CREATE INDEX books_title_idx ON public.books USING btree (title);
CREATE VIEW public.v AS
 SELECT books.id,
    books.title,
    books.pages
   FROM public.books;
CREATE TRIGGER t AFTER INSERT ON public.books FOR EACH ROW EXECUTE FUNCTION public.f();
CREATE RULE r AS
    ON DELETE TO public.books DO INSTEAD NOTHING;
CREATE POLICY p ON public.books USING ((pages > 1));
