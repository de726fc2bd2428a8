ALTER PUBLICATION news SET TABLE books WHERE (pages > 5), notes (id);
