-- part 1, outside of a transaction
DROP INDEX CONCURRENTLY public.books_lower_pages_id_idx;
