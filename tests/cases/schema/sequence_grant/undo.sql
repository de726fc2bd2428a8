REVOKE USAGE ON SEQUENCE numbers FROM case_alice;
SELECT nextval('numbers');
