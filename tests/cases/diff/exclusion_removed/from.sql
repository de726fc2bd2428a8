CREATE TABLE t (during int4range);
ALTER TABLE t ADD EXCLUDE USING gist (during WITH &&);
