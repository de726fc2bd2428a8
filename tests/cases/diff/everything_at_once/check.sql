SELECT m = 'a' FROM people;
SELECT count(*) = 3 FROM books;
