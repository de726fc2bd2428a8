CREATE TABLE events (id bigint, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX events_at ON events (at);
CREATE TABLE events_2026 (id bigint NOT NULL, at date NOT NULL, PRIMARY KEY (id, at));
CREATE INDEX events_2026_at ON events_2026 (at);
