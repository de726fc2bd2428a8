CREATE TABLE "Select" ("Group" int, "from" text, "A.B" int);
