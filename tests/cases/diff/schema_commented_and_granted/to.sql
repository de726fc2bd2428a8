CREATE SCHEMA shop;
COMMENT ON SCHEMA shop IS 'where we sell';
GRANT USAGE ON SCHEMA shop TO case_alice;
