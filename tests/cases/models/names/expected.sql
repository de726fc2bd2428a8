CREATE SCHEMA IF NOT EXISTS "Größe ""x""";
CREATE TYPE "public"."Kind" AS ENUM ('nothing');
CREATE TABLE "Größe ""x"""."user" (
    "select" bigint NOT NULL,
    "Mixed Case" text NOT NULL,
    "größe \ ""q""" integer NOT NULL,
    "本" integer NOT NULL,
    "column" integer NOT NULL,
    CONSTRAINT "pk_user" PRIMARY KEY ("select"),
    CONSTRAINT "uq_user_Mixed Case" UNIQUE ("Mixed Case"),
    CONSTRAINT "ck_user_Mixed Case" CHECK ("Mixed Case" <> '')
);
CREATE TABLE "public"."a_table_whose_name_is_as_long_as_it_may_be_with_sixty_three_byt" (
    "a_column_with_a_long_name" bigint NOT NULL,
    "another_column_with_a_long_name" integer NOT NULL,
    CONSTRAINT "pk_a_table_whose_name_is_as_long_as_it_may_be_with_six_fed3cae0" PRIMARY KEY ("a_column_with_a_long_name")
);
CREATE TABLE "public"."test_run" (
    "kind" "public"."Kind" NOT NULL
);
CREATE INDEX "ix_user_column_expr" ON "Größe ""x"""."user" ("column", ("Mixed Case" || 'x'));
CREATE INDEX "ix_a_table_whose_name_is_as_long_as_it_may_be_with_six_95456aa4" ON "public"."a_table_whose_name_is_as_long_as_it_may_be_with_sixty_three_byt" ("a_column_with_a_long_name", "another_column_with_a_long_name");
CREATE INDEX "ix_a_table_whose_name_is_as_long_as_it_may_be_with_six_f3700806" ON "public"."a_table_whose_name_is_as_long_as_it_may_be_with_sixty_three_byt" ("another_column_with_a_long_name", "a_column_with_a_long_name");
COMMENT ON COLUMN "Größe ""x"""."user"."größe \ ""q""" IS E'back\\slash and ''quote''';
ALTER TABLE "public"."a_table_whose_name_is_as_long_as_it_may_be_with_sixty_three_byt" ADD CONSTRAINT "fk_a_table_whose_name_is_as_long_as_it_may_be_with_six_363fc65b" FOREIGN KEY ("a_column_with_a_long_name") REFERENCES "Größe ""x"""."user" ("select");
-- warning[models-naming]: the table `user` is called by a reserved word
--  --> src/models.rs:4:16
--   |
-- 4 | #[table(name = "user", schema = "Größe \"x\"", index(column, expr("\"Mixed Case\" || 'x'")))]
--   |                ^^^^^^
--   |
--   = help: every query must quote it: call it something else, by `name = "…"`
--
-- warning[models-naming]: the column `select` is called by a reserved word
--  --> src/models.rs:6:34
--   |
-- 6 |     #[column(primary_key, name = "select")]
--   |                                  ^^^^^^^^
--   |
--   = help: every query must quote it: call it something else, by `name = "…"`
--
-- warning[models-naming]: the column `Mixed Case` is not in snake case
--  --> src/models.rs:8:21
--   |
-- 8 |     #[column(name = "Mixed Case", unique, check = "\"Mixed Case\" <> ''")]
--   |                     ^^^^^^^^^^^^
--   |
--   = help: every query must quote it: call it something like `mixed_case`
--
-- warning[models-naming]: the column `größe \ "q"` is not in snake case
--   --> src/models.rs:10:21
--    |
-- 10 |     #[column(name = "größe \\ \"q\"", comment = "back\\slash and 'quote'")]
--    |                     ^^^^^^^^^^^^^^^^
--    |
--    = help: every query must quote it: call it something like `größe____q_`
--
-- warning[models-naming]: the column `column` is called by a reserved word
--   --> src/models.rs:14:5
--    |
-- 14 |     column: i32,
--    |     ^^^^^^
--    |
--    = help: every query must quote it: call it something else, by `name = "…"`
--
-- warning[models-naming]: the type `Kind` is not in snake case
--   --> src/models.rs:28:18
--    |
-- 28 | #[pg_enum(name = "Kind")]
--    |                  ^^^^^^
--    |
--    = help: every query must quote it: call it something like `kind`
--
-- warning[models-test-table]: `test_run` looks like a table for tests alone
--   --> src/models.rs:34:8
--    |
-- 34 | struct TestRun {
--    |        ^^^^^^^
--    |
--    = help: keep such tables out of the models, behind `#[cfg(test)]` or in another package
