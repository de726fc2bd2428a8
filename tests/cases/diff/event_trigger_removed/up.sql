-- part 1
DROP EVENT TRIGGER t;
DROP FUNCTION public.e();
