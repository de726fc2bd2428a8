-- part 1
DROP AGGREGATE public.n(*);
DROP AGGREGATE public.total(integer);
CREATE AGGREGATE public.n(*) (
    SFUNC = int8inc,
    STYPE = bigint,
    INITCOND = '0'
);
CREATE AGGREGATE public.total(integer) (
    SFUNC = int4pl,
    STYPE = integer,
    INITCOND = '5'
);
