--! parents = [20261026090000]
--! transaction = false

-- A member borrows one copy of a book at a time.
CREATE UNIQUE INDEX CONCURRENTLY loans_one_open_each ON loans (book_id, member_id) WHERE returned_on IS NULL;
CREATE INDEX CONCURRENTLY loans_open_by_due ON loans (due_on) WHERE returned_on IS NULL;
