-- part 1
GRANT USAGE ON SCHEMA shop TO case_alice;
COMMENT ON SCHEMA shop IS 'where we sell';
