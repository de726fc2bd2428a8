ALTER POLICY own ON books TO PUBLIC USING (pages > 0);
