ALTER TABLE books DROP title;
ALTER TABLE books ADD title text NOT NULL;
