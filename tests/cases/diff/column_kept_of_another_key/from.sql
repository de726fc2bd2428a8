CREATE TABLE books (isbn text NOT NULL, id int, CONSTRAINT books_pkey PRIMARY KEY (id));
