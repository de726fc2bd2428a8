-- part 1
DROP PROCEDURE public.p(integer);
