CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '5');
CREATE AGGREGATE n(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
