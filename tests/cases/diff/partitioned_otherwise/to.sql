CREATE TABLE events (id bigint, at date NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY LIST (at);
CREATE INDEX ON events (note);
