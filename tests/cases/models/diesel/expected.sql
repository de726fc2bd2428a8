CREATE SCHEMA IF NOT EXISTS "app";
CREATE EXTENSION IF NOT EXISTS "citext";
DO 'BEGIN IF to_regtype(''"mood"'') IS NULL THEN CREATE TYPE "mood" AS ENUM (); END IF; END';
DO 'BEGIN IF to_regtype(''"app"."Odd Type"'') IS NULL THEN CREATE TYPE "app"."Odd Type" AS ENUM (); END IF; END';
DO 'BEGIN IF to_regtype(''"pg_catalog"."tsvector"'') IS NULL THEN CREATE TYPE "pg_catalog"."tsvector" AS ENUM (); END IF; END';
CREATE TABLE "public"."posts" (
    "id" bigint NOT NULL,
    "title" character varying(80) NOT NULL,
    "type" character,
    "mood" "mood",
    "moods" "mood"[] NOT NULL,
    "search" "pg_catalog"."tsvector" NOT NULL,
    "author_id" integer,
    "price" numeric NOT NULL,
    "during" tstzrange,
    CONSTRAINT "pk_posts" PRIMARY KEY ("id")
);
CREATE TABLE "app"."users" (
    "id" integer NOT NULL,
    "email" citext NOT NULL,
    "odd" "app"."Odd Type" NOT NULL,
    CONSTRAINT "pk_users" PRIMARY KEY ("id")
);
CREATE TABLE "public"."post-tags" (
    "post_id" bigint NOT NULL,
    "tag" text NOT NULL,
    CONSTRAINT "pk_post-tags" PRIMARY KEY ("post_id", "tag")
);
CREATE TABLE "app"."settings" (
    "name" text NOT NULL,
    "value" jsonb,
    CONSTRAINT "pk_settings" PRIMARY KEY ("name")
);
ALTER TABLE "public"."posts" ADD CONSTRAINT "fk_posts_author_id" FOREIGN KEY ("author_id") REFERENCES "app"."users" ("id");
ALTER TABLE "public"."post-tags" ADD CONSTRAINT "fk_post-tags_post_id" FOREIGN KEY ("post_id") REFERENCES "public"."posts" ("id");
-- warning[models-naming]: the table `post-tags` is not in snake case
--   --> src/schema.rs:47:5
--    |
-- 47 |     post_tags (post_id, tag) {
--    |     ^^^^^^^^^
--    |
--    = help: every query must quote it: call it something like `post_tags`
