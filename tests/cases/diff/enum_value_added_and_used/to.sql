CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (id int, m mood DEFAULT 'happy');
CREATE INDEX ON people (id) WHERE m = 'happy';
