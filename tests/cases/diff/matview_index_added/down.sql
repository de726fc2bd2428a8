-- part 1, outside of a transaction
DROP INDEX CONCURRENTLY public.m_id_idx;
