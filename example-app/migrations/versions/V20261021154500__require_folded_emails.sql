--! parents = [20261020110000]
--! lock-timeout = "2s"

-- Holds for what is written from now on; the rows that are there are checked by the next migration, under a lock that
-- lets everybody go on reading and writing.
ALTER TABLE members ADD CONSTRAINT members_email_folded CHECK (email = lower(email)) NOT VALID;
