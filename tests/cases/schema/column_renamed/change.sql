ALTER TABLE books RENAME title TO "Title";
