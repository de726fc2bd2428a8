GRANT DELETE ON books TO case_owner;
