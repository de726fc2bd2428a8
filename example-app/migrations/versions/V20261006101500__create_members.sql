--! parents = [20261005090000]

CREATE TABLE members (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    email text NOT NULL UNIQUE,
    joined_on date NOT NULL DEFAULT current_date
);
