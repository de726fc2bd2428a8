CREATE TABLE stays (during int4range);
