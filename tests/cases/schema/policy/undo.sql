DROP POLICY own ON books;
