--! parents = [20261123013000]
--! reviewed = false

ALTER TABLE books DROP COLUMN title;
