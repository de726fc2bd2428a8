ALTER TABLE books OWNER TO "Case Bob";
