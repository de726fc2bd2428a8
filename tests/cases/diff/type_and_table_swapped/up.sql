-- question: table public.a (id integer) to public.b (id integer)?
-- part 1
-- hazard: DataLoss: table public.a: its rows are lost
DROP TABLE public.a;
CREATE TYPE public.a AS ENUM ('x');
DROP TYPE public.b;
CREATE TABLE public.b (
    id integer
);
