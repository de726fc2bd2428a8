-- part 1
DROP STATISTICS public.s;
