INSERT INTO books SELECT n, 'book ' || n, n FROM generate_series(1, 3) n;
