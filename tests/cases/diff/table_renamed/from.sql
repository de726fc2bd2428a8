CREATE TABLE books (id bigserial PRIMARY KEY, title text UNIQUE, pages int CHECK (pages > 0));
CREATE INDEX ON books (pages);
