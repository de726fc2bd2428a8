ALTER TABLE books DROP shout;
