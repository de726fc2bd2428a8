CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
ALTER TABLE books ADD isbn text COLLATE "C" NOT NULL DEFAULT 'x' UNIQUE CHECK (isbn <> '');
ALTER TABLE books ALTER isbn SET STORAGE EXTERNAL, ALTER isbn SET STATISTICS 10, ALTER isbn SET (n_distinct = 7);
COMMENT ON COLUMN books.isbn IS 'number';
GRANT SELECT (isbn), UPDATE (isbn) ON books TO case_alice;
