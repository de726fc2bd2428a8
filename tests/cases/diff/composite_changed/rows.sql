INSERT INTO t VALUES (ROW('a', 1, 'x')), (NULL);
