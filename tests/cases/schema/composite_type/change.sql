ALTER TYPE money_of ADD ATTRIBUTE note text COLLATE "C";
COMMENT ON COLUMN money_of.amount IS 'in full';
COMMENT ON TYPE money_of IS 'money';
REVOKE USAGE ON TYPE money_of FROM PUBLIC;
