DROP VIEW thick;
CREATE VIEW thick AS SELECT id, title FROM books WHERE pages > 500;
