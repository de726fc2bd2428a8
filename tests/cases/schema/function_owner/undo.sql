ALTER FUNCTION twice(int) OWNER TO case_owner;
