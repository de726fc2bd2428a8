ALTER POLICY own ON books TO case_alice USING (pages > 1);
