INSERT INTO books (title) VALUES ('a'), ('b');
