CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE people (id int, m mood DEFAULT 'ok');
CREATE TABLE others (ms mood[] DEFAULT '{ok}', n int CHECK (n > 0));
CREATE INDEX ON people (m);
CREATE INDEX part ON people (id) WHERE m = 'ok';
CREATE VIEW v AS SELECT m FROM people WHERE m > 'sad';
CREATE FUNCTION f(mood) RETURNS mood LANGUAGE sql AS 'SELECT $1';
ALTER TABLE people ADD CONSTRAINT c CHECK (m <> 'sad' OR id > 0);
GRANT USAGE ON TYPE mood TO case_alice;
