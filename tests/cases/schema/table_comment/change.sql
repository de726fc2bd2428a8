COMMENT ON TABLE books IS 'it''s "ours"';
