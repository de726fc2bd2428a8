CREATE FOREIGN TABLE far (id int OPTIONS (column_name 'ID') NOT NULL, n int DEFAULT 1, CHECK (n > 0)) SERVER there OPTIONS ("table" 'T', "password" 'hush');
GRANT SELECT ON far TO case_alice;
