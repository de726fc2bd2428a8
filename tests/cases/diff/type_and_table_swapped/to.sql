CREATE TABLE b (id int);
CREATE TYPE a AS ENUM ('x');
