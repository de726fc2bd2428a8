CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE SEQUENCE s;
GRANT USAGE ON s TO case_alice;
