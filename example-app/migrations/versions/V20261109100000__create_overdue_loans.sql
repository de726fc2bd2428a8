--! parents = [20261102131500]

CREATE VIEW overdue_loans AS
SELECT
    loans.id,
    loans.due_on,
    books.title,
    members.name AS member,
    members.email
FROM loans
JOIN books ON books.id = loans.book_id
JOIN members ON members.id = loans.member_id
WHERE loans.returned_on IS NULL AND loans.due_on < current_date;

COMMENT ON VIEW overdue_loans IS 'Loans whose day of return has passed, with whom to remind';
