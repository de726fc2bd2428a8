CREATE TABLE "public"."hen" (
    "id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    "egg_id" bigint NOT NULL,
    CONSTRAINT "pk_hen" PRIMARY KEY ("id")
);
CREATE TABLE "public"."egg" (
    "id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    "hen_id" bigint DEFAULT 1 NOT NULL,
    "twin_id" bigint,
    CONSTRAINT "pk_egg" PRIMARY KEY ("id")
);
ALTER TABLE "public"."hen" ADD CONSTRAINT "fk_hen_egg_id" FOREIGN KEY ("egg_id") REFERENCES "public"."egg" ("id");
ALTER TABLE "public"."egg" ADD CONSTRAINT "fk_egg_hen_id" FOREIGN KEY ("hen_id") REFERENCES "public"."hen" ("id") ON DELETE SET DEFAULT;
ALTER TABLE "public"."egg" ADD CONSTRAINT "fk_egg_twin_id" FOREIGN KEY ("twin_id") REFERENCES "public"."egg" ("id") ON DELETE RESTRICT;
