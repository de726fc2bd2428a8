ALTER TABLE books OF book;
