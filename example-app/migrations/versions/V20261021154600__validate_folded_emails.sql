--! parents = [20261021154500]

ALTER TABLE members VALIDATE CONSTRAINT members_email_folded;
