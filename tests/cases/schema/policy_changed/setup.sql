CREATE TABLE books (id bigint PRIMARY KEY, title text NOT NULL, pages int);
CREATE POLICY own ON books USING (pages > 0);
