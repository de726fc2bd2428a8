ALTER TABLE books ALTER id DROP IDENTITY;
CREATE SEQUENCE books_id_seq AS integer OWNED BY books.id;
ALTER TABLE books ALTER id SET DEFAULT nextval('books_id_seq');
