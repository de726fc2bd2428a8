REVOKE UPDATE (title), SELECT (title) ON books FROM case_alice;
