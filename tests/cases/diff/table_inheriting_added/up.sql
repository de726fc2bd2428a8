-- part 1
CREATE TABLE public.comics (
    artist text NOT NULL DEFAULT 'x'::text
) INHERITS (public.books);
