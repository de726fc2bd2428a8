CREATE POLICY own ON books AS RESTRICTIVE FOR UPDATE TO "Case Bob", case_alice USING (pages > 0) WITH CHECK (title <> '');
COMMENT ON POLICY own ON books IS 'own';
