CREATE TYPE feeling AS ENUM ('sad', 'ok');
CREATE TABLE people (id int, m feeling DEFAULT 'ok');
