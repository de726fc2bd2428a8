CREATE OR REPLACE VIEW thick WITH (security_barrier) AS SELECT id, title, pages FROM books WHERE pages > 900 WITH LOCAL CHECK OPTION;
ALTER VIEW thick ALTER title SET DEFAULT '?';
COMMENT ON COLUMN thick.title IS 'a title';
