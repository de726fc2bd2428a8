-- part 1
DROP TABLE public.b;
CREATE TYPE public.b AS ENUM ('x');
DROP TYPE public.a;
-- the rows of public.a can't come back
CREATE TABLE public.a (
    id integer
);
