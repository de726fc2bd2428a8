-- part 1
-- hazard: DataLoss: table public.a: its rows are lost
-- hazard: DataLoss: table public.b: its rows are lost
ALTER TABLE public.a DROP CONSTRAINT a_b_fkey;
DROP TABLE public.b;
DROP TABLE public.a;
