CREATE TABLE books (id int PRIMARY KEY, title text, pages bigint);
CREATE VIEW v AS SELECT pages FROM books;
CREATE VIEW w AS SELECT pages + 1 AS more FROM v;
COMMENT ON VIEW v IS 'pages';
COMMENT ON COLUMN v.pages IS 'p';
GRANT SELECT ON v TO case_alice;
