CREATE TABLE people (id int, m text DEFAULT 'ok');
