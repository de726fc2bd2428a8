-- type "public"."feeling" is now "public"."mood"
-- type "public"."mail" is now "public"."email"
-- value bad of "public"."mood" is now sad
-- table "app"."members" is now "app"."readers"
-- column mail of "app"."readers" is now email
CREATE SCHEMA IF NOT EXISTS "app";
CREATE TYPE "public"."mood" AS ENUM ('sad');
CREATE DOMAIN "public"."email" AS text;
CREATE TABLE "app"."readers" (
    "email" "public"."email" NOT NULL,
    "mood" "public"."mood" NOT NULL
);
