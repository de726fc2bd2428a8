-- Where nothing is applied yet there is nothing to fill.
DO $$
BEGIN
    IF to_regclass('books') IS NULL THEN
        RETURN;
    END IF;

    INSERT INTO authors (name)
    VALUES ('Jorge Luis Borges'), ('Tove Jansson'), ('Ursula K. Le Guin');

    INSERT INTO books (author_id, title, copies)
    SELECT authors.id, book.title, book.copies
    FROM (
        VALUES
        ('Jorge Luis Borges', 'The Library of Babel', 2),
        ('Tove Jansson', 'The Summer Book', 3),
        ('Ursula K. Le Guin', 'The Dispossessed', 2),
        ('Ursula K. Le Guin', 'The Left Hand of Darkness', 1)
    ) AS book (author, title, copies)
    JOIN authors ON authors.name = book.author;
END
$$;
