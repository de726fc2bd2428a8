CREATE TABLE books (id bigint NOT NULL);
