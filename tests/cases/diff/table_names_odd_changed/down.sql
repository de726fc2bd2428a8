-- part 3, outside of a transaction
DROP INDEX CONCURRENTLY public."I.J";
-- part 2
ALTER TABLE public."Select"
    ALTER COLUMN "from" DROP NOT NULL,
    ADD CONSTRAINT "Select_from_not_null" CHECK ("from" IS NOT NULL) NOT VALID;
-- part 1
-- the values of public."Select"."A.B" can't come back
ALTER TABLE public."Select"
    DROP CONSTRAINT "Select_C_check",
    DROP CONSTRAINT "Select_from_not_null",
    ALTER COLUMN "Group" TYPE integer,
    DROP COLUMN "C",
    ADD COLUMN "A.B" integer;
