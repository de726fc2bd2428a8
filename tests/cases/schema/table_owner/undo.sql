ALTER TABLE books OWNER TO case_owner;
