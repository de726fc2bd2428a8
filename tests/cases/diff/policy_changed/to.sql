CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE POLICY p ON books FOR SELECT TO case_alice USING (pages > 2);
