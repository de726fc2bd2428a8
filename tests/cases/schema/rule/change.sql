CREATE RULE no_delete AS ON DELETE TO books DO INSTEAD NOTHING;
ALTER TABLE books DISABLE RULE no_delete;
COMMENT ON RULE no_delete ON books IS 'never';
