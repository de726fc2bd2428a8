ALTER TABLE books RENAME "Title" TO title;
