COMMENT ON COLUMN books.title IS 'two
lines';
