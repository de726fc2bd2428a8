-- There is no statement that takes a validation back.
ALTER TABLE members DROP CONSTRAINT members_email_folded;
ALTER TABLE members ADD CONSTRAINT members_email_folded CHECK (email = lower(email)) NOT VALID;
