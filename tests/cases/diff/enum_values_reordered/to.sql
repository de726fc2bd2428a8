CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TABLE people (id int, m mood DEFAULT 'ok');
