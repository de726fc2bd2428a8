-- part 1, outside of a transaction
DROP INDEX CONCURRENTLY public.books_title_idx;
