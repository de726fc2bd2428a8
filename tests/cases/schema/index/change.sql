CREATE UNIQUE INDEX books_lower ON books USING btree (lower(title) COLLATE "C" text_pattern_ops DESC NULLS LAST) INCLUDE (id) WITH (fillfactor = 50) WHERE pages > 1;
COMMENT ON INDEX books_lower IS 'by title';
