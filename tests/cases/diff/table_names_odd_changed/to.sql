CREATE TABLE "Select" ("Group" bigint, "from" text NOT NULL, "C" int CHECK ("C" > 0));
CREATE INDEX "I.J" ON "Select" ("from");
