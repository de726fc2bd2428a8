-- question: column public."Select"."A.B" (integer) to public."Select"."C" (integer)?
-- part 1
-- hazard: DataLoss: column public."Select"."A.B": its values are lost
-- hazard: Rewrite: column public."Select"."Group": every row is written anew while nobody gets at the table
ALTER TABLE public."Select"
    DROP COLUMN "A.B",
    ADD COLUMN "C" integer,
    ALTER COLUMN "Group" TYPE bigint,
    ADD CONSTRAINT "Select_from_not_null" CHECK ("from" IS NOT NULL) NOT VALID;
-- which rows had no value is not known any more after this
UPDATE public."Select" SET "from" = '' WHERE "from" IS NULL;
ALTER TABLE public."Select" ADD CONSTRAINT "Select_C_check" CHECK (("C" > 0)) NOT VALID;
-- part 2
-- hazard: MayFail: constraint "Select_C_check" on public."Select": it fails where rows break it
ALTER TABLE public."Select" VALIDATE CONSTRAINT "Select_from_not_null";
ALTER TABLE public."Select"
    ALTER COLUMN "from" SET NOT NULL,
    DROP CONSTRAINT "Select_from_not_null";
ALTER TABLE public."Select" VALIDATE CONSTRAINT "Select_C_check";
-- part 3, outside of a transaction
CREATE INDEX CONCURRENTLY "I.J" ON public."Select" USING btree ("from");
