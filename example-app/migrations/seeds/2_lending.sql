DO $$
DECLARE
    -- An environment may be on either side of the migration that folds addresses to lower case.
    folded boolean := EXISTS (
        SELECT FROM pg_attribute
        WHERE attrelid = to_regclass('members') AND attname = 'email_as_typed'
    );
BEGIN
    IF to_regclass('loans') IS NULL THEN
        RETURN;
    END IF;

    INSERT INTO members (name, email)
    SELECT member.name, CASE WHEN folded THEN lower(member.email) ELSE member.email END
    FROM (
        VALUES
        ('Grace', 'Grace@Example.org'),
        ('Edsger', 'edsger@example.org'),
        ('Barbara', 'Barbara.L@example.org')
    ) AS member (name, email);

    INSERT INTO loans (book_id, member_id, lent_on, due_on, returned_on)
    SELECT
        books.id,
        members.id,
        current_date - loan.days_ago,
        current_date - loan.days_ago + 21,
        current_date - loan.returned_ago
    FROM (
        VALUES
        ('The Dispossessed', 'Grace', 40, NULL::integer),
        ('The Dispossessed', 'Edsger', 3, NULL),
        ('The Summer Book', 'Grace', 90, 80),
        ('The Summer Book', 'Grace', 2, NULL),
        ('The Library of Babel', 'Barbara', 60, 30)
    ) AS loan (title, member, days_ago, returned_ago)
    JOIN books ON books.title = loan.title
    JOIN members ON members.name = loan.member;
END
$$;
