UPDATE members
SET email = email_as_typed
WHERE email_as_typed IS NOT NULL;

ALTER TABLE members DROP COLUMN email_as_typed;
