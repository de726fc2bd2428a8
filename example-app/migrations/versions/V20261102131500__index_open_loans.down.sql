DROP INDEX CONCURRENTLY loans_open_by_due;
DROP INDEX CONCURRENTLY loans_one_open_each;
