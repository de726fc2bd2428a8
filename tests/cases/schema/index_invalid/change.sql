-- fails
CREATE UNIQUE INDEX CONCURRENTLY one_title ON books (title);
