-- part 1
DROP FUNCTION public.f(integer, text);
