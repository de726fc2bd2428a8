CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE UNIQUE INDEX ON books (lower(title), pages DESC) INCLUDE (id) WHERE pages > 0;
COMMENT ON INDEX books_lower_pages_id_idx IS 'x';
