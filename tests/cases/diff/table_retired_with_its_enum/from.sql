CREATE TYPE mood AS ENUM ('a');
CREATE TABLE people (id serial PRIMARY KEY, m mood);
