CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
ALTER TABLE books ADD isbn text COLLATE "C" NOT NULL DEFAULT 'x' UNIQUE CHECK (isbn <> '');
CREATE INDEX ON books (isbn, pages);
COMMENT ON COLUMN books.isbn IS 'number';
GRANT SELECT (isbn) ON books TO case_alice;
