-- part 1
CREATE TYPE public.mood AS ENUM ('sad', 'ok');
ALTER TABLE public.people
    ALTER COLUMN m DROP DEFAULT,
    ALTER COLUMN m TYPE public.mood USING m::public.mood,
    ALTER COLUMN m SET DEFAULT 'ok'::public.mood;
