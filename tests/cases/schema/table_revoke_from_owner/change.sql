REVOKE DELETE ON books FROM case_owner;
