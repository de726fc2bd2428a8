CREATE SCHEMA "Odd.Schema";
CREATE TABLE "Odd.Schema"."Select ""x""" ("Group" int PRIMARY KEY, "äöü" text DEFAULT 'a''b\c' UNIQUE, "order" int REFERENCES "Odd.Schema"."Select ""x""");
CREATE INDEX "Odd Index" ON "Odd.Schema"."Select ""x""" ("äöü");
COMMENT ON COLUMN "Odd.Schema"."Select ""x"""."äöü" IS 'x';
