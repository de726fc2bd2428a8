CREATE TYPE place AS (street text COLLATE "C", number int);
COMMENT ON COLUMN place.street IS 's';
