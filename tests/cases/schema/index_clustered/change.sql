ALTER TABLE books CLUSTER ON books_pkey;
