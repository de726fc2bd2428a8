CREATE TABLE books (key serial PRIMARY KEY);
