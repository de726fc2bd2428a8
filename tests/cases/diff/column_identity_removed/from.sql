CREATE TABLE books (id int PRIMARY KEY, title text, pages int, number int GENERATED ALWAYS AS IDENTITY);
