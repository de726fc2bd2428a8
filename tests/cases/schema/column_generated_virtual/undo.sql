ALTER TABLE books DROP thick;
