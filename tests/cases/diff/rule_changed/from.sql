CREATE TABLE books (id int PRIMARY KEY, title text, pages int);
CREATE RULE r AS ON DELETE TO books DO INSTEAD NOTHING;
