CREATE TABLE authors (id bigint PRIMARY KEY);
CREATE TABLE books (id bigserial PRIMARY KEY, author bigint REFERENCES authors);
