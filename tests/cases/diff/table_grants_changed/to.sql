CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
GRANT SELECT ON books TO case_alice WITH GRANT OPTION;
GRANT UPDATE ON books TO "Case Bob";
GRANT SELECT ON books TO PUBLIC;
