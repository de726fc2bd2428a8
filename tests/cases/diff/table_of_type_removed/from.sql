CREATE TYPE place AS (street text, number int);
CREATE TABLE places OF place;
