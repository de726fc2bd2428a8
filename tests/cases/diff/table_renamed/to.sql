CREATE TABLE tomes (id bigserial PRIMARY KEY, title text UNIQUE, pages int CHECK (pages > 0));
CREATE INDEX ON tomes (pages);
