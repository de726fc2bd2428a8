CREATE TYPE "public"."genre" AS ENUM ('novel');
CREATE DOMAIN "public"."beside" AS uuid;
CREATE TABLE "public"."shelves" (
    "id" bigint NOT NULL,
    CONSTRAINT "pk_shelves" PRIMARY KEY ("id")
);
CREATE TABLE "public"."book" (
    "id" bigint NOT NULL,
    "genre" "public"."genre" NOT NULL,
    CONSTRAINT "pk_book" PRIMARY KEY ("id")
);
CREATE TABLE "public"."leaf" (
    "id" bigint NOT NULL,
    CONSTRAINT "pk_leaf" PRIMARY KEY ("id")
);
CREATE TABLE "public"."reader" (
    "id" bigint NOT NULL,
    "joined" date NOT NULL,
    "beside" "public"."beside" NOT NULL,
    CONSTRAINT "pk_reader" PRIMARY KEY ("id")
);
CREATE TABLE "public"."loan" (
    "book_id" bigint NOT NULL,
    "reader" bigint NOT NULL,
    CONSTRAINT "pk_loan" PRIMARY KEY ("book_id")
);
CREATE TABLE "public"."deeper" (
    "id" bigint NOT NULL,
    CONSTRAINT "pk_deeper" PRIMARY KEY ("id")
);
CREATE TABLE "public"."return" (
    "book_id" bigint NOT NULL,
    "count" integer DEFAULT 1 NOT NULL,
    CONSTRAINT "pk_return" PRIMARY KEY ("book_id")
);
ALTER TABLE "public"."leaf" ADD CONSTRAINT "fk_leaf_id" FOREIGN KEY ("id") REFERENCES "public"."book" ("id");
ALTER TABLE "public"."loan" ADD CONSTRAINT "fk_loan_book_id" FOREIGN KEY ("book_id") REFERENCES "public"."book" ("id");
ALTER TABLE "public"."loan" ADD CONSTRAINT "fk_loan_reader" FOREIGN KEY ("reader") REFERENCES "public"."reader" ("id");
ALTER TABLE "public"."deeper" ADD CONSTRAINT "fk_deeper_id" FOREIGN KEY ("id") REFERENCES "public"."loan" ("book_id");
ALTER TABLE "public"."return" ADD CONSTRAINT "fk_return_book_id" FOREIGN KEY ("book_id") REFERENCES "public"."loan" ("book_id");
