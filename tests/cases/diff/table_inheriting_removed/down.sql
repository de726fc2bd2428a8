-- part 1
-- the rows of public.comics can't come back
CREATE TABLE public.comics (
    artist text NOT NULL DEFAULT 'x'::text
) INHERITS (public.books);
