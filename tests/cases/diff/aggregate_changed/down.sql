-- part 1
DROP AGGREGATE public.total(integer);
DROP AGGREGATE public.n(*);
CREATE AGGREGATE public.total(integer) (
    SFUNC = int4pl,
    STYPE = integer
);
CREATE AGGREGATE public.n(*) (
    SFUNC = int8inc,
    STYPE = bigint,
    INITCOND = '1'
);
