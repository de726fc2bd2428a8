-- part 1
DROP AGGREGATE public.total(integer);
