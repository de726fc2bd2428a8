-- part 1
ALTER EXTENSION citext SET SCHEMA ext;
