INSERT INTO books (title, pages) VALUES ('a', 1);
