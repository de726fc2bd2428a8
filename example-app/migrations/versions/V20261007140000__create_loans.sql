--! parents = [20261006101500]

CREATE TABLE loans (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book_id bigint NOT NULL REFERENCES books (id),
    member_id bigint NOT NULL REFERENCES members (id),
    lent_on date NOT NULL DEFAULT current_date,
    due_on date NOT NULL DEFAULT current_date + 21,
    returned_on date,
    CONSTRAINT loans_in_order CHECK (lent_on <= due_on AND lent_on <= returned_on)
);

CREATE INDEX loans_by_member ON loans (member_id);
