CREATE TABLE books (id serial PRIMARY KEY);
