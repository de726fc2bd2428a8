CREATE FOREIGN DATA WRAPPER afar OPTIONS (debug 'true', api_token 'hush');
GRANT USAGE ON FOREIGN DATA WRAPPER afar TO case_alice;
