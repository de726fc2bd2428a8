CREATE SCHEMA "Odd one.";
COMMENT ON SCHEMA "Odd one." IS 'with a dot';
GRANT USAGE ON SCHEMA "Odd one." TO case_alice;
