CREATE TYPE mood AS ENUM ('blue', 'ok');
CREATE TABLE people (id int, m mood DEFAULT 'ok');
