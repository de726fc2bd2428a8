-- part 1
DROP EXTENSION citext;
