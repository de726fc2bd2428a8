CREATE TABLE tomes (id int PRIMARY KEY, title text, pages int);
CREATE VIEW v AS SELECT id, title FROM tomes;
