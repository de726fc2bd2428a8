SELECT (p).street = 'a' FROM t;
