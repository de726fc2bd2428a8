CREATE EXTENSION citext;
CREATE TABLE people (mail citext UNIQUE);
