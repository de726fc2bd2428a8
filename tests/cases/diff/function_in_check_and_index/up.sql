-- part 1
-- functions may speak of what is made after them
SET LOCAL check_function_bodies = off;
CREATE FUNCTION public.f(a integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT a$function$;
CREATE TABLE public.t (
    id integer,
    CONSTRAINT t_id_check CHECK ((public.f(id) > 0))
);
CREATE INDEX t_f_idx ON public.t USING btree (public.f(id));
