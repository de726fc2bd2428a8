-- part 1
DROP TABLE "Odd.Schema"."Select ""x""";
DROP SCHEMA "Odd.Schema";
