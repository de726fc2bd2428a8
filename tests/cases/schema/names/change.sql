CREATE SCHEMA "Ärger";
CREATE TABLE "Ärger"."a.b ""c"" d'e" ("Größe.\" int CONSTRAINT "C'1" CHECK ("Größe.\" > 0), "select" int);
CREATE INDEX "I.1" ON "Ärger"."a.b ""c"" d'e" ("Größe.\");
