CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
ALTER TABLE books OWNER TO case_alice;
GRANT SELECT, INSERT ON books TO "Case Bob" ;
COMMENT ON TABLE books IS 'it''s \ paper';
