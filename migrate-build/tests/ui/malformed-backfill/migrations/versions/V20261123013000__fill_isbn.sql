--! parents = [20261120101500]
--! backfill = { table = "books", key = "id" }

UPDATE books SET isbn = '' WHERE isbn IS NULL;
