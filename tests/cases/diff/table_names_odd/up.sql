-- part 1
CREATE SCHEMA "Odd.Schema";
CREATE TABLE "Odd.Schema"."Select ""x""" (
    "Group" integer NOT NULL,
    "äöü" text DEFAULT 'a''b\c'::text,
    "order" integer,
    CONSTRAINT "Select ""x""_pkey" PRIMARY KEY ("Group"),
    CONSTRAINT "Select ""x""_äöü_key" UNIQUE ("äöü"),
    CONSTRAINT "Select ""x""_order_fkey" FOREIGN KEY ("order") REFERENCES "Odd.Schema"."Select ""x"""("Group")
);
COMMENT ON COLUMN "Odd.Schema"."Select ""x"""."äöü" IS 'x';
CREATE INDEX "Odd Index" ON "Odd.Schema"."Select ""x""" USING btree ("äöü");
