GRANT USAGE ON SEQUENCE numbers TO case_alice;
