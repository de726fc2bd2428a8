CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
GRANT SELECT, INSERT ON books TO case_alice;
GRANT UPDATE ON books TO "Case Bob" WITH GRANT OPTION;
REVOKE DELETE ON books FROM case_owner;
