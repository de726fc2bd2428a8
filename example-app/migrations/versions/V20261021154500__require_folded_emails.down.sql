ALTER TABLE members DROP CONSTRAINT members_email_folded;
