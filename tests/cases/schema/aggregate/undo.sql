DROP AGGREGATE total(int);
