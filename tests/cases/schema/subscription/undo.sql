ALTER SUBSCRIPTION paper SET (slot_name = NONE);
-- separately
DROP SUBSCRIPTION paper;
