CREATE TYPE book AS (id bigint, title text);
CREATE TABLE books (id bigint, title text);
