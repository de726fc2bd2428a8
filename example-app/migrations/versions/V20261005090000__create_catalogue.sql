--! parents = [20261005083000]

CREATE TABLE authors (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name <> '')
);

CREATE TABLE books (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    author_id bigint NOT NULL REFERENCES authors (id),
    title text NOT NULL CHECK (title <> ''),
    copies integer NOT NULL DEFAULT 1 CHECK (copies >= 0),
    UNIQUE (author_id, title)
);
