CREATE SERVER there TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER afar OPTIONS (host 'h''1', port '5', target 'postgres://me:hush@h/db');
GRANT USAGE ON FOREIGN SERVER there TO case_alice;
