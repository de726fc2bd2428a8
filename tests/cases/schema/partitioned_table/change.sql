CREATE TABLE events (id bigint, at date) PARTITION BY RANGE (at, lower(id::text));
CREATE TABLE events_rest PARTITION OF events DEFAULT;
