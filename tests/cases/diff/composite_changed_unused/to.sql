CREATE TYPE place AS (number int, street text);
