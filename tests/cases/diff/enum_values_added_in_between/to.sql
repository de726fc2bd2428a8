CREATE TYPE mood AS ENUM ('awful', 'sad', 'so', 'so so', 'ok', 'happy');
CREATE TABLE people (id int, m mood DEFAULT 'ok');
