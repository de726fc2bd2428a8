CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE VIEW v AS SELECT id FROM books;
ALTER VIEW v ALTER id SET DEFAULT 5;
COMMENT ON COLUMN v.id IS 'i';
