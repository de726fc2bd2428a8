GRANT UPDATE (title), SELECT (title) ON books TO case_alice;
