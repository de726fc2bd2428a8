CREATE TABLE a (id int);
CREATE TYPE b AS ENUM ('x');
