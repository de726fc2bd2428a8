CREATE TABLE events (id bigint, at date NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX ON events (note);
CREATE TABLE events_1 (id bigint NOT NULL, at date NOT NULL, note text, PRIMARY KEY (id, at));
CREATE INDEX events_1_note_idx ON events_1 (note);
