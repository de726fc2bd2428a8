DROP TABLE "reservations";
