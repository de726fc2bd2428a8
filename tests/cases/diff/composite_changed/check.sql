SELECT count(*) = 1 FROM t WHERE (p).street = 'a' AND (p).number = 1;
SELECT count(*) = 1 FROM t WHERE p IS NOT DISTINCT FROM NULL;
