COMMENT ON CONSTRAINT books_pkey ON books IS 'key';
