--! parents = [20261007140000]
--! rendered-from = "sha256:001056fc349ff7f6cc68d8a6977f892296bc33409c4b212d0dd59e86badb7d96"

CREATE TABLE "reservations" ("id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY NOT NULL, "book_id" bigint REFERENCES books (id) NOT NULL, "member_id" bigint REFERENCES members (id) NOT NULL, "placed_on" date DEFAULT current_date NOT NULL);
CREATE UNIQUE INDEX "reservations_once" ON "reservations" ("book_id", "member_id");
