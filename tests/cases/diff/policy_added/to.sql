CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
ALTER TABLE books ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON books AS RESTRICTIVE FOR UPDATE TO case_alice, "Case Bob" USING (pages > 1) WITH CHECK (pages < 5);
COMMENT ON POLICY p ON books IS 'p';
