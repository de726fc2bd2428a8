--! parents = [20261007140000]

-- Addresses came in as they were typed. The former spelling is kept, so that there is a way back.
ALTER TABLE members ADD COLUMN email_as_typed text;

UPDATE members
SET email_as_typed = email, email = lower(email)
WHERE email <> lower(email);
