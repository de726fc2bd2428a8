CREATE TABLE books (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text, pages int);
