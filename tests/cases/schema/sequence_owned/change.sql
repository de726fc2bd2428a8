ALTER SEQUENCE numbers OWNED BY books.id;
SELECT nextval('numbers');
